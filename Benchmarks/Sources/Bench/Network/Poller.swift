import CEpoll
import Glibc

/// Waits on many sockets at once, for one thread.
///
/// The generator shares its cores with what it measures. So it is one thread that never waits for another: no locks, no
/// hops, one system call to learn which sockets have something.
final class Poller {
    /// What is called when a socket can be read or written, or has ended.
    protocol Listener: AnyObject {
        func socketIsReady(readable: Bool, writable: Bool)
    }

    private let descriptor: Int32
    private var listeners: [Int32: any Listener] = [:]
    private var events = [epoll_event](repeating: epoll_event(), count: 512)

    init() throws {
        descriptor = epoll_create1(0)
        guard descriptor >= 0 else { throw BenchError.system("epoll_create1") }
    }

    deinit { close(descriptor) }

    /// Begins to watch a socket for reading, and for writing when `writing` is true.
    func add(_ socket: Int32, _ listener: any Listener, writing: Bool) throws {
        listeners[socket] = listener
        try control(EPOLL_CTL_ADD, socket, writing: writing)
    }

    /// Changes whether a watched socket is watched for writing.
    func change(_ socket: Int32, writing: Bool) throws {
        try control(EPOLL_CTL_MOD, socket, writing: writing)
    }

    /// Stops watching; before the socket is closed.
    func remove(_ socket: Int32) {
        listeners[socket] = nil
        _ = epoll_ctl(descriptor, EPOLL_CTL_DEL, socket, nil)
    }

    /// Calls the listeners of all sockets that are ready.
    /// - Parameter nanoseconds: how long to wait for the first one.
    func poll(atMost nanoseconds: UInt64) {
        var patience = timespec(tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
        let count = epoll_pwait2(descriptor, &events, Int32(events.count), &patience, nil)
        guard count > 0 else { return }
        for index in 0..<Int(count) {
            let event = events[index]
            // A listener that was called before may have ended this one.
            guard let listener = listeners[event.data.fd] else { continue }
            let flags = event.events
            let ended = flags & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0
            listener.socketIsReady(
                readable: ended || flags & EPOLLIN.rawValue != 0, writable: flags & EPOLLOUT.rawValue != 0)
        }
    }

    private func control(_ operation: Int32, _ socket: Int32, writing: Bool) throws {
        var event = epoll_event()
        event.events = EPOLLIN.rawValue | (writing ? EPOLLOUT.rawValue : 0)
        event.data.fd = socket
        guard epoll_ctl(descriptor, operation, socket, &event) == 0 else { throw BenchError.system("epoll_ctl") }
    }
}
