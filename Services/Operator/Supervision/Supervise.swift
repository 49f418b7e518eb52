import ArgumentParser
import Foundation

/// `voelgoed supervise`: starts every process of a plan and restarts those that end, until SIGTERM.
struct Supervise: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Keep the processes of a plan running; stop them on SIGTERM.")

    @Option(help: "The plan, as deploy/up writes it.")
    var plan: String

    func run() async throws {
        let plan = try SupervisionPlan.read(plan)
        try "\(ProcessInfo.processInfo.processIdentifier)\n".write(
            toFile: plan.pidFile, atomically: true, encoding: .utf8)
        let supervisor = Supervisor(plan: plan)
        let signals = StopSignals()
        await supervisor.start()
        await signals.wait()
        await supervisor.stop(within: .seconds(30))
        try FileManager.default.removeItem(atPath: plan.pidFile)
    }
}

/// SIGTERM and SIGINT as something to wait for.
///
/// `@unchecked Sendable` because the sources are only kept alive: nothing touches them after `init`.
private final class StopSignals: @unchecked Sendable {
    private let stream: AsyncStream<Void>
    private let sources: [any DispatchSourceSignal]

    init() {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        self.stream = stream
        sources = [SIGTERM, SIGINT].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler { continuation.yield() }
            source.resume()
            return source
        }
    }

    func wait() async {
        for await _ in stream { return }
    }
}
