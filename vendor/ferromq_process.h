/*
 * libzmq's view of its process: has some system calls made by
 * ferromq_process.cpp, which says why. Forced in before every file of libzmq,
 * and before the system's headers, whose functions it renames. Only where
 * symbols can be renamed and forks exist.
 */
#ifndef FERROMQ_PROCESS_H
#define FERROMQ_PROCESS_H

#ifdef __ELF__

#pragma redefine_extname accept ferromq_accept
#pragma redefine_extname accept4 ferromq_accept4
#pragma redefine_extname close ferromq_close
#pragma redefine_extname epoll_create1 ferromq_epoll_create1
#pragma redefine_extname eventfd ferromq_eventfd
#pragma redefine_extname getpid ferromq_getpid
#pragma redefine_extname kqueue ferromq_kqueue
#pragma redefine_extname socket ferromq_socket
#pragma redefine_extname socketpair ferromq_socketpair

#ifdef __cplusplus
extern "C" {
#endif
/* Notes that libzmq owns the descriptor, and gives it back. */
int ferromq_own (int fd);
#ifdef __cplusplus
}
#endif

#else

#define ferromq_own(fd) (fd)

#endif
#endif
