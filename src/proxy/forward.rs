//! The loop that a proxy runs.

use std::time::Duration;

use super::control::{Control, Order};
use super::lane::{Lane, Sockets, statistics};
use crate::error::Result;
use crate::option::Events;
use crate::poller::Poller;

/// After what time to try again where nothing tells when to.
const RETRY: Duration = Duration::from_millis(5);

/// Moves messages until it is ordered to end.
pub(super) fn forward(
    sockets: Sockets<'_>,
    lanes: &mut [Lane; 2],
    control: Option<&Control>,
) -> Result<()> {
    let mut poller = Poller::new();
    if let Some(control) = control {
        poller.add_fd(control, Events::RECV, None)?;
    }
    let mut members = Vec::new();
    for (seat, side) in sockets.seated() {
        members.push((seat, side.add_to(&mut poller, seat)?));
    }
    // Some may have been given before the start.
    let mut orders = control;
    loop {
        if let Some(control) = orders.take() {
            if obey(control, sockets, lanes)? == Order::Terminate {
                return Ok(());
            }
        }
        for &(seat, id) in &members {
            let needs = lanes.iter().map(|lane| lane.needs(seat));
            poller.modify(id, needs.fold(Events::empty(), Events::union))?;
        }
        let stalled = lanes.iter().any(Lane::is_stalled);
        for event in poller.wait(stalled.then_some(RETRY))? {
            match *event.key {
                None => orders = control,
                Some(seat) => {
                    for lane in lanes.iter_mut() {
                        lane.advance(seat, event.events, sockets)?;
                    }
                }
            }
        }
        for lane in lanes.iter_mut().filter(|lane| lane.is_stalled()) {
            lane.burst(sockets)?;
        }
    }
}

/// Takes orders until there is one to go on or to end.
fn obey(control: &Control, sockets: Sockets<'_>, lanes: &[Lane; 2]) -> Result<Order> {
    let statistics = statistics(lanes);
    let mut order = control.obey(statistics);
    if order != Order::Pause {
        return Ok(order);
    }
    let descriptors = sockets
        .seated()
        .map(|(_, side)| side.fd())
        .collect::<Result<Vec<_>>>()?;
    let mut poller = Poller::new();
    poller.add_fd(control, Events::RECV, ())?;
    for descriptor in descriptors.iter().flatten() {
        poller.add_fd(descriptor, Events::RECV, ())?;
    }
    let timeout = descriptors.iter().any(Option::is_none).then_some(RETRY);
    while order == Order::Pause {
        for (_, side) in sockets.seated() {
            // Quiets the descriptor, and tells when the context ends.
            side.ready_for()?;
        }
        poller.wait(timeout)?;
        order = control.obey(statistics);
    }
    Ok(order)
}
