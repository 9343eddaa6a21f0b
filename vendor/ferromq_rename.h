/*
 * Gives every symbol of the vendored libzmq the prefix ferromq_: forced in
 * before every file, so that this libzmq can share a process with any other
 * (the system's, or another crate's) and no name is resolved to the wrong one.
 *
 * sys/src declares the functions by these names. A new release of libzmq adds
 * names: README.md has the command that finds those missing here.
 */
#ifndef FERROMQ_RENAME_H
#define FERROMQ_RENAME_H

/* The C++ namespace: all classes, and what the standard templates make of them. */
#define zmq ferromq_zmq

/* The stable C interface. */
#define zmq_atomic_counter_dec ferromq_zmq_atomic_counter_dec
#define zmq_atomic_counter_destroy ferromq_zmq_atomic_counter_destroy
#define zmq_atomic_counter_inc ferromq_zmq_atomic_counter_inc
#define zmq_atomic_counter_new ferromq_zmq_atomic_counter_new
#define zmq_atomic_counter_set ferromq_zmq_atomic_counter_set
#define zmq_atomic_counter_value ferromq_zmq_atomic_counter_value
#define zmq_bind ferromq_zmq_bind
#define zmq_close ferromq_zmq_close
#define zmq_connect ferromq_zmq_connect
#define zmq_ctx_destroy ferromq_zmq_ctx_destroy
#define zmq_ctx_get ferromq_zmq_ctx_get
#define zmq_ctx_new ferromq_zmq_ctx_new
#define zmq_ctx_set ferromq_zmq_ctx_set
#define zmq_ctx_shutdown ferromq_zmq_ctx_shutdown
#define zmq_ctx_term ferromq_zmq_ctx_term
#define zmq_curve_keypair ferromq_zmq_curve_keypair
#define zmq_curve_public ferromq_zmq_curve_public
#define zmq_device ferromq_zmq_device
#define zmq_disconnect ferromq_zmq_disconnect
#define zmq_errno ferromq_zmq_errno
#define zmq_getsockopt ferromq_zmq_getsockopt
#define zmq_has ferromq_zmq_has
#define zmq_init ferromq_zmq_init
#define zmq_msg_close ferromq_zmq_msg_close
#define zmq_msg_copy ferromq_zmq_msg_copy
#define zmq_msg_data ferromq_zmq_msg_data
#define zmq_msg_get ferromq_zmq_msg_get
#define zmq_msg_gets ferromq_zmq_msg_gets
#define zmq_msg_init ferromq_zmq_msg_init
#define zmq_msg_init_data ferromq_zmq_msg_init_data
#define zmq_msg_init_size ferromq_zmq_msg_init_size
#define zmq_msg_more ferromq_zmq_msg_more
#define zmq_msg_move ferromq_zmq_msg_move
#define zmq_msg_recv ferromq_zmq_msg_recv
#define zmq_msg_send ferromq_zmq_msg_send
#define zmq_msg_set ferromq_zmq_msg_set
#define zmq_msg_size ferromq_zmq_msg_size
#define zmq_poll ferromq_zmq_poll
#define zmq_proxy ferromq_zmq_proxy
#define zmq_proxy_steerable ferromq_zmq_proxy_steerable
#define zmq_recv ferromq_zmq_recv
#define zmq_recviov ferromq_zmq_recviov
#define zmq_recvmsg ferromq_zmq_recvmsg
#define zmq_send ferromq_zmq_send
#define zmq_send_const ferromq_zmq_send_const
#define zmq_sendiov ferromq_zmq_sendiov
#define zmq_sendmsg ferromq_zmq_sendmsg
#define zmq_setsockopt ferromq_zmq_setsockopt
#define zmq_sleep ferromq_zmq_sleep
#define zmq_socket ferromq_zmq_socket
#define zmq_socket_monitor ferromq_zmq_socket_monitor
#define zmq_stopwatch_intermediate ferromq_zmq_stopwatch_intermediate
#define zmq_stopwatch_start ferromq_zmq_stopwatch_start
#define zmq_stopwatch_stop ferromq_zmq_stopwatch_stop
#define zmq_strerror ferromq_zmq_strerror
#define zmq_term ferromq_zmq_term
#define zmq_threadclose ferromq_zmq_threadclose
#define zmq_threadstart ferromq_zmq_threadstart
#define zmq_timers_add ferromq_zmq_timers_add
#define zmq_timers_cancel ferromq_zmq_timers_cancel
#define zmq_timers_destroy ferromq_zmq_timers_destroy
#define zmq_timers_execute ferromq_zmq_timers_execute
#define zmq_timers_new ferromq_zmq_timers_new
#define zmq_timers_reset ferromq_zmq_timers_reset
#define zmq_timers_set_interval ferromq_zmq_timers_set_interval
#define zmq_timers_timeout ferromq_zmq_timers_timeout
#define zmq_unbind ferromq_zmq_unbind
#define zmq_version ferromq_zmq_version
#define zmq_z85_decode ferromq_zmq_z85_decode
#define zmq_z85_encode ferromq_zmq_z85_encode

/*
 * The draft C interface. A build without it still defines these functions,
 * only with C++ linkage.
 */
#define zmq_connect_peer ferromq_zmq_connect_peer
#define zmq_ctx_get_ext ferromq_zmq_ctx_get_ext
#define zmq_ctx_set_ext ferromq_zmq_ctx_set_ext
#define zmq_join ferromq_zmq_join
#define zmq_leave ferromq_zmq_leave
#define zmq_msg_group ferromq_zmq_msg_group
#define zmq_msg_init_buffer ferromq_zmq_msg_init_buffer
#define zmq_msg_routing_id ferromq_zmq_msg_routing_id
#define zmq_msg_set_group ferromq_zmq_msg_set_group
#define zmq_msg_set_routing_id ferromq_zmq_msg_set_routing_id
#define zmq_poller_add ferromq_zmq_poller_add
#define zmq_poller_add_fd ferromq_zmq_poller_add_fd
#define zmq_poller_destroy ferromq_zmq_poller_destroy
#define zmq_poller_fd ferromq_zmq_poller_fd
#define zmq_poller_modify ferromq_zmq_poller_modify
#define zmq_poller_modify_fd ferromq_zmq_poller_modify_fd
#define zmq_poller_new ferromq_zmq_poller_new
#define zmq_poller_remove ferromq_zmq_poller_remove
#define zmq_poller_remove_fd ferromq_zmq_poller_remove_fd
#define zmq_poller_size ferromq_zmq_poller_size
#define zmq_poller_wait ferromq_zmq_poller_wait
#define zmq_poller_wait_all ferromq_zmq_poller_wait_all
#define zmq_ppoll ferromq_zmq_ppoll
#define zmq_socket_get_peer_state ferromq_zmq_socket_get_peer_state
#define zmq_socket_monitor_pipes_stats ferromq_zmq_socket_monitor_pipes_stats
#define zmq_socket_monitor_versioned ferromq_zmq_socket_monitor_versioned

/* What libzmq leaves in the global namespace. */
#define make_node ferromq_make_node
#define match_result_t ferromq_match_result_t
#define node_t ferromq_node_t
#define sha1_ctxt ferromq_sha1_ctxt
#define sha1_init ferromq_sha1_init
#define sha1_loop ferromq_sha1_loop
#define sha1_pad ferromq_sha1_pad
#define sha1_result ferromq_sha1_result
#define zmq_poll_build_select_fds_ ferromq_zmq_poll_build_select_fds_
#define zmq_poll_check_items_ ferromq_zmq_poll_check_items_
#define zmq_poll_must_break_loop_ ferromq_zmq_poll_must_break_loop_
#define zmq_poll_select_check_events_ ferromq_zmq_poll_select_check_events_
#define zmq_poll_select_fds_t_ ferromq_zmq_poll_select_fds_t_
#define zmq_poll_select_set_timeout_ ferromq_zmq_poll_select_set_timeout_

#if defined __APPLE__
#define alt_clock_gettime ferromq_alt_clock_gettime
#elif defined _WIN32
#define compatible_get_tick_count64 ferromq_compatible_get_tick_count64
#define init_compatible_get_tick_count64 ferromq_init_compatible_get_tick_count64
#define widechar_to_utf8 ferromq_widechar_to_utf8

/* wepoll */
#define epoll_close ferromq_epoll_close
#define epoll_create ferromq_epoll_create
#define epoll_create1 ferromq_epoll_create1
#define epoll_ctl ferromq_epoll_ctl
#define epoll_wait ferromq_epoll_wait
#endif

#endif
