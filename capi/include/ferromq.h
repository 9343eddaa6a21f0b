#include <stdint.h>
#include <stddef.h>
#define FERROMQ_EFORKED 116
#define FERROMQ_MISUSE_ALL 0
#define FERROMQ_MISUSE_CLOSED 1
#define FERROMQ_MISUSE_FOREIGN 2
#define FERROMQ_MISUSE_ARGUMENT 3
#define FERROMQ_MISUSE_BUSY 4
#define FERROMQ_MISUSE_FORKED 5
#ifdef __cplusplus
extern "C" {
#endif
uint64_t ferromq_misuses(int kind);
const char *ferromq_last_error(void);
int ferromq_forked(const void *handle);
int ferromq_ctx_report(const void *context, char *text, size_t size);
void *ferromq_ctx_lend(void *context);
void *ferromq_ctx_borrow(void *context);
void *ferromq_socket_release(void *socket);
void *ferromq_socket_adopt(void *context, void *socket);
#ifdef __cplusplus
}
#endif
