/*
 * What libzmq must know of forks.
 *
 * A forked child inherits all descriptors of libzmq, and with them the ports
 * and connections of its parent, which stay open as long as it lives. So all
 * descriptors that libzmq opens are noted here and closed in a forked child.
 * Only one that is opened or closed by another thread at the time of the fork
 * may stay open: it is never noted without being open, as its number could be
 * anything's.
 *
 * libzmq asks for the number of its process with every signal that it sends or
 * waits for, to do nothing in a forked child. The number is kept here, where
 * only a fork changes it, and costs no system call. On Linux a plain clone, of
 * which no handler is told, clears the page that it is on.
 */
#ifdef __ELF__

#include <atomic>

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

extern "C" {
/* The system's functions: ferromq_process.h has renamed the others. */
int system_accept (int, struct sockaddr *, socklen_t *) __asm__ ("accept");
int system_accept4 (int, struct sockaddr *, socklen_t *, int) __asm__ ("accept4");
int system_close (int) __asm__ ("close");
int system_epoll_create1 (int) __asm__ ("epoll_create1");
int system_eventfd (unsigned int, int) __asm__ ("eventfd");
pid_t system_getpid () __asm__ ("getpid");
int system_kqueue () __asm__ ("kqueue");
int system_socket (int, int, int) __asm__ ("socket");
int system_socketpair (int, int, int, int *) __asm__ ("socketpair");
}

namespace
{
/* One bit for each descriptor below the usual hard limit of a process; those
   beyond are not noted. Pages that are never touched take no memory. */
const int word_bits = 64;
const int words = (1 << 20) / word_bits;
std::atomic<uint64_t> owned[words];
/* All words from here on are zero. */
std::atomic<int> words_used;

/* Zero: to be asked for each time. Alone on its page. */
const size_t page_size = 4096;
struct alignas (page_size) page_t
{
    std::atomic<pid_t> process;
} page;

bool can_be_noted (int fd)
{
    return fd >= 0 && fd < words * word_bits;
}

uint64_t bit (int fd)
{
    return uint64_t (1) << (fd % word_bits);
}

void in_child ()
{
    const int error = errno;
    page.process = system_getpid ();
    for (int word = words_used.exchange (0) - 1; word >= 0; word--) {
        const uint64_t fds = owned[word].exchange (0);
        for (int i = 0; i < word_bits; i++)
            if (fds & bit (i))
                system_close (word * word_bits + i);
    }
    errno = error;
}

struct at_load_t
{
    at_load_t ()
    {
#ifdef MADV_WIPEONFORK
        if (sysconf (_SC_PAGESIZE) == static_cast<long> (page_size))
            madvise (&page, page_size, MADV_WIPEONFORK);
#endif
        if (pthread_atfork (NULL, NULL, in_child) == 0)
            page.process = system_getpid ();
    }
} at_load;
}

extern "C" {

int ferromq_own (int fd)
{
    if (can_be_noted (fd)) {
        const int word = fd / word_bits;
        int used = words_used;
        while (used <= word && !words_used.compare_exchange_weak (used, word + 1))
            ;
        owned[word] |= bit (fd);
    }
    return fd;
}

/* Other than the system's, it closes only what libzmq opened in this process. */
int ferromq_close (int fd)
{
    /* Noted first: afterwards, the number may be another one's already. */
    if (can_be_noted (fd)
        && !(owned[fd / word_bits].fetch_and (~bit (fd)) & bit (fd))) {
        errno = EBADF;
        return -1;
    }
    return system_close (fd);
}

pid_t ferromq_getpid ()
{
    const pid_t kept = page.process.load (std::memory_order_relaxed);
    return kept != 0 ? kept : system_getpid ();
}

int ferromq_accept (int fd, struct sockaddr *address, socklen_t *length)
{
    return ferromq_own (system_accept (fd, address, length));
}

int ferromq_accept4 (int fd,
                     struct sockaddr *address,
                     socklen_t *length,
                     int flags)
{
    return ferromq_own (system_accept4 (fd, address, length, flags));
}

int ferromq_socket (int domain, int type, int protocol)
{
    return ferromq_own (system_socket (domain, type, protocol));
}

int ferromq_socketpair (int domain, int type, int protocol, int fds[2])
{
    const int rc = system_socketpair (domain, type, protocol, fds);
    if (rc == 0) {
        ferromq_own (fds[0]);
        ferromq_own (fds[1]);
    }
    return rc;
}

#if __has_include(<sys/eventfd.h>)
int ferromq_eventfd (unsigned int value, int flags)
{
    return ferromq_own (system_eventfd (value, flags));
}
#endif

#ifdef __linux__

int ferromq_epoll_create1 (int flags)
{
    return ferromq_own (system_epoll_create1 (flags));
}

#else

int ferromq_kqueue ()
{
    return ferromq_own (system_kqueue ());
}

#endif
}

#endif
