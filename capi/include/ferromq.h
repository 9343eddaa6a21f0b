/*
 * What libferromq has beyond zmq.h: why calls were refused, and sockets and
 * contexts shared with Rust. Include zmq.h for all the rest.
 *
 * Generated from capi/src/extension.rs; see tests/crates/capi-header.
 */

#ifndef FERROMQ_H
#define FERROMQ_H

#include <errno.h>
#include <stddef.h>
#include <stdint.h>

/**
 * errno of a call on a socket or context that was made before a fork, by the
 * parent of this process. zmq_close and zmq_ctx_term release such a handle, and
 * succeed.
 */
#define FERROMQ_EFORKED ESTALE

/**
 * All misuse that was refused.
 */
#define FERROMQ_MISUSE_ALL 0

/**
 * A handle or message was used after it was closed (`ENOTSOCK`, `EFAULT`).
 */
#define FERROMQ_MISUSE_CLOSED 1

/**
 * A pointer was null, or no handle of this kind (`ENOTSOCK`, `EFAULT`).
 */
#define FERROMQ_MISUSE_FOREIGN 2

/**
 * A pointer, size or text was one that libzmq crashes of (`EFAULT`, `EINVAL`).
 */
#define FERROMQ_MISUSE_ARGUMENT 3

/**
 * A second thread used a socket, or terminated a context, while the first was at it (`EBUSY`).
 */
#define FERROMQ_MISUSE_BUSY 4

/**
 * A forked child used a handle of its parent (`FERROMQ_EFORKED`).
 */
#define FERROMQ_MISUSE_FORKED 5

/**
 * How many kinds there are, with `FERROMQ_MISUSE_ALL`.
 */
#define FERROMQ_MISUSE_KINDS 6

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * How many calls this library has refused in this process, for a reason out of `FERROMQ_MISUSE_*`.
 * 0 for what is no such reason. Any thread may ask.
 */
uint64_t ferromq_misuses(int kind);

/**
 * Why the last refused call of the calling thread was refused, in words: "zmq_send: the socket
 * was closed before". Empty if none was. Errors of libzmq itself are not here: see zmq_strerror.
 *
 * The text is valid until the thread asks again, and not to be freed.
 */
const char *ferromq_last_error(void);

/**
 * Whether a socket or context was made before a `fork`, by the parent of this process: 1 or 0;
 * -1 and ENOTSOCK if the pointer is no open socket or context. Any thread may ask.
 */
int ferromq_forked(const void *handle);

/**
 * What zmq_ctx_term of this context waits for, or would: each socket that is open, with its kind
 * and its last endpoint, and how many were closed with messages that may wait for ever. Any
 * thread may ask, also while another one is in zmq_ctx_term.
 *
 * Writes at most `size` bytes with a final NUL into `text`, which may be null if `size` is 0.
 * Returns the length of the whole report without the NUL, as snprintf does, or -1 and EFAULT if
 * the pointer is no context.
 */
int ferromq_ctx_report(const void *context, char *text, size_t size);

/**
 * The context as Rust's `ferromq::Context::borrow_raw` takes it, or null and EFAULT. It stays
 * this side's: zmq_ctx_term ends it, and waits for the sockets that Rust has made of it.
 */
void *ferromq_ctx_lend(void *context);

/**
 * A handle for a context that stays Rust's: the result of `ferromq::Context::as_ptr`. Here,
 * zmq_ctx_term only ends the handle; the context ends when Rust drops it, which waits for the
 * sockets made here. Null and EFAULT for a null pointer.
 */
void *ferromq_ctx_borrow(void *context);

/**
 * Gives a socket up to Rust, whose `ferromq::Socket::from_raw` takes the result. The handle ends,
 * as by zmq_close, and the socket stays open. Null and ENOTSOCK or EBUSY where zmq_close would
 * fail so.
 */
void *ferromq_socket_release(void *socket);

/**
 * A handle for a socket that Rust gave up: the result of `ferromq::Socket::into_raw`. It is this
 * side's from now on, to be closed by zmq_close. `context` is a handle of its context. Null and
 * EFAULT if that is none, or the socket is null.
 */
void *ferromq_socket_adopt(void *context, void *socket);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* FERROMQ_H */
