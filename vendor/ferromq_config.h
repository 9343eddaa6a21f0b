/*
 * What libzmq is told about the target: forced in before every file of libzmq,
 * it takes the place of the platform.hpp that upstream's configure step writes.
 *
 * The target's own preprocessor decides everything, so that nothing is run on
 * the host and cross compiling needs no answers by hand. A macro that stands
 * for a socket option is set when the target's headers have the option.
 *
 * From the build script: ZMQ_BUILD_DRAFT_API, ZMQ_HAVE_CURVE, ZMQ_USE_LIBSODIUM.
 */
#ifndef FERROMQ_CONFIG_H
#define FERROMQ_CONFIG_H

/* --- every target ------------------------------------------------------- */

#ifdef __cplusplus
#include <new> /* 4.3.5 uses std::nothrow without including it everywhere */
#endif

#define ZMQ_STATIC 1
#define ZMQ_HAVE_NOEXCEPT 1
#define ZMQ_USE_CV_IMPL_STL11 1
#define ZMQ_HAVE_WS 1
#define ZMQ_USE_BUILTIN_SHA1 1
#define HAVE_STRNLEN 1
#define HAVE_IF_NAMETOINDEX 1

/* Upstream's default too: the radix tree belongs to the draft build. */
#ifdef ZMQ_BUILD_DRAFT_API
#define ZMQ_USE_RADIX_TREE 1
#endif

#if defined __BYTE_ORDER__ && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define WORDS_BIGENDIAN 1
#endif

/* Unix alone reads it: on Windows the queues are not aligned. */
#if defined __s390x__
#define ZMQ_CACHELINE_SIZE 256
#elif defined __powerpc64__ || (defined __APPLE__ && defined __aarch64__)
#define ZMQ_CACHELINE_SIZE 128
#else
#define ZMQ_CACHELINE_SIZE 64
#endif

/* --- Windows ------------------------------------------------------------ */

#if defined _WIN32

#define ZMQ_HAVE_WINDOWS 1
#ifndef _WIN32_WINNT
#define _WIN32_WINNT 0x0600 /* Vista, the least that wepoll needs */
#endif

#if defined _MSC_VER
#define ZMQ_IOTHREAD_POLLER_USE_EPOLL 1 /* by wepoll */
#define ZMQ_POLL_BASED_ON_POLL 1
#if __has_include(<afunix.h>)
#define ZMQ_HAVE_IPC 1
#define ZMQ_HAVE_STRUCT_SOCKADDR_UN 1
#endif
#else /* MinGW: as upstream; 4.3.5 does not compile there with IPC */
#define ZMQ_IOTHREAD_POLLER_USE_SELECT 1
#define ZMQ_POLL_BASED_ON_SELECT 1
#endif

#else

/* --- every Unix --------------------------------------------------------- */

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/un.h>

#define ZMQ_POLL_BASED_ON_POLL 1
#define ZMQ_HAVE_IPC 1
#define ZMQ_HAVE_STRUCT_SOCKADDR_UN 1
#define ZMQ_HAVE_UIO 1
#define ZMQ_HAVE_IFADDRS 1
#define ZMQ_HAVE_PPOLL 1
#define HAVE_CLOCK_GETTIME 1
#define HAVE_FORK 1
#define HAVE_MKDTEMP 1
#define HAVE_POSIX_MEMALIGN 1

#ifdef SO_KEEPALIVE
#define ZMQ_HAVE_SO_KEEPALIVE 1
#endif
#ifdef TCP_KEEPCNT
#define ZMQ_HAVE_TCP_KEEPCNT 1
#endif
#ifdef TCP_KEEPIDLE
#define ZMQ_HAVE_TCP_KEEPIDLE 1
#endif
#ifdef TCP_KEEPINTVL
#define ZMQ_HAVE_TCP_KEEPINTVL 1
#endif
#ifdef TCP_KEEPALIVE /* Apple's name for the idle time */
#define ZMQ_HAVE_TCP_KEEPALIVE 1
#endif
#ifdef SO_BINDTODEVICE
#define ZMQ_HAVE_SO_BINDTODEVICE 1
#endif
#ifdef SO_PRIORITY
#define ZMQ_HAVE_SO_PRIORITY 1
#endif
#ifdef SO_BUSY_POLL
#define ZMQ_HAVE_BUSY_POLL 1
#endif
#ifdef SO_PEERCRED
#define ZMQ_HAVE_SO_PEERCRED 1
#elif defined LOCAL_PEERCRED
#define ZMQ_HAVE_LOCAL_PEERCRED 1
#endif
#ifdef SOCK_CLOEXEC
#define ZMQ_HAVE_SOCK_CLOEXEC 1
#define HAVE_ACCEPT4 1 /* came together on each of these systems */
#endif
#if __has_include(<sys/eventfd.h>)
#define ZMQ_HAVE_EVENTFD 1
#define ZMQ_HAVE_EVENTFD_CLOEXEC 1
#endif

/* Everywhere but in a glibc before 2.38 (uClibc passes for an old glibc). */
#if defined __UCLIBC__ || !defined __GLIBC__ || __GLIBC__ > 2                  \
  || __GLIBC_MINOR__ >= 38
#define ZMQ_HAVE_STRLCPY 1
#endif

/* --- one Unix each ------------------------------------------------------ */

#if defined __linux__

#define ZMQ_HAVE_LINUX 1
#define ZMQ_IOTHREAD_POLLER_USE_EPOLL 1
#define ZMQ_IOTHREAD_POLLER_USE_EPOLL_CLOEXEC 1
#if __has_include(<linux/tipc.h>)
#define ZMQ_HAVE_TIPC 1
#endif
#ifdef __ANDROID__
#define ZMQ_HAVE_ANDROID 1
#else
#define ZMQ_HAVE_PTHREAD_SETNAME_2 1
#define ZMQ_HAVE_PTHREAD_SET_AFFINITY 1
#endif

#elif defined __APPLE__

#define ZMQ_HAVE_OSX 1
#define ZMQ_IOTHREAD_POLLER_USE_KQUEUE 1
#define ZMQ_HAVE_PTHREAD_SETNAME_1 1

#elif defined __FreeBSD__

#include <pthread.h>
#include <pthread_np.h> /* libzmq names its threads without including it */

#define ZMQ_HAVE_FREEBSD 1
#define ZMQ_IOTHREAD_POLLER_USE_KQUEUE 1
#define ZMQ_HAVE_PTHREAD_SET_NAME 1

#else
#error "ferromq cannot build libzmq for this target yet: link the system's, by FERROMQ_NO_VENDOR=1"
#endif

#endif
#endif
