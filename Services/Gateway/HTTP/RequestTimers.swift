import Metrics
import Synchronization

/// The histogram of each kind of answer, found again without spelling out its labels for every request.
final class RequestTimers: Sendable {
    private struct Key: Hashable {
        let method: String
        let route: String
        let status: Int
    }

    private let timers = Mutex<[Key: Metrics.Timer]>([:])

    /// - Parameters:
    ///   - method: one of the known methods; `other` for all others, because anybody may send any word.
    ///   - route: the path with its parameters' names.
    func record(method: String, route: String, status: Int, nanoseconds: Int64) {
        let key = Key(method: method, route: route, status: status)
        let timer = timers.withLock { timers in
            if let timer = timers[key] { return timer }
            let timer = Metrics.Timer(
                label: "voelgoed_http_request_seconds",
                dimensions: [("method", method), ("route", route), ("status", String(status))])
            timers[key] = timer
            return timer
        }
        timer.recordNanoseconds(nanoseconds)
    }
}
