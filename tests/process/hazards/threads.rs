//! Options of libzmq's threads that the kernel refuses. Fix `thread-options-refused`.

use ferromq_sys::*;

use super::raw::{Context, errno};
use crate::child::in_child;
use crate::sandbox::refuse;

fn refused(option: i32, value: i32) -> i32 {
    let context = Context::new();
    context.set(option, value);
    let error = errno(context.try_socket(ZMQ_PAIR));
    context.terminate().unwrap();
    error
}

#[test]
fn a_policy_that_there_is_not() {
    in_child(|| assert_eq!(refused(ZMQ_THREAD_SCHED_POLICY, 99), libc::EINVAL));
}

#[test]
fn a_processor_that_there_is_not() {
    in_child(|| assert_eq!(refused(ZMQ_THREAD_AFFINITY_CPU_ADD, 1023), libc::EINVAL));
}

#[test]
fn a_priority_without_the_right_to_it() {
    in_child(|| {
        refuse(libc::SYS_setpriority, None, libc::EPERM);
        assert_eq!(refused(ZMQ_THREAD_PRIORITY, 1), libc::EPERM);
    });
}
