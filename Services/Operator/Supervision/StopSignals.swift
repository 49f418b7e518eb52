import Foundation

/// SIGTERM and SIGINT as something to wait for.
///
/// `@unchecked Sendable` because the sources are only kept alive: nothing touches them after `init`.
final class StopSignals: @unchecked Sendable {
    private let stream: AsyncStream<Void>
    private let sources: [any DispatchSourceSignal]

    init() {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        self.stream = stream
        sources = [SIGTERM, SIGINT].map { number in
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler { continuation.yield() }
            source.resume()
            return source
        }
    }

    /// Returns with the first signal, also one that came before the call.
    func wait() async {
        for await _ in stream { return }
    }
}
