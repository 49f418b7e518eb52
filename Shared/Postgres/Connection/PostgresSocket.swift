import Foundation

/// Waiting for libpq's socket.
struct PostgresSocket {
    let descriptor: Int32

    /// Waits until the socket is ready; false when the deadline passes first. An error counts as ready: the next use reports it.
    func wait(for events: Int32, until deadline: ContinuousClock.Instant) -> Bool {
        guard descriptor >= 0 else { return true }
        var request = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        while true {
            let left = max(.zero, deadline - .now).wholeMilliseconds
            let ready = poll(&request, 1, Int32(clamping: left))
            if ready > 0 { return true }
            if ready < 0 && errno != EINTR { return true }
            if ready == 0 && left == 0 { return false }
        }
    }
}
