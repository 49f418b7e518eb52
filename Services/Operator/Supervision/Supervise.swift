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
        // Before the first process, so that none is left behind by a signal that comes early.
        let signals = StopSignals()
        try "\(ProcessInfo.processInfo.processIdentifier)\n".write(
            toFile: plan.pidFile, atomically: true, encoding: .utf8)
        let supervisor = Supervisor(plan: plan) { event in
            let line = "\(Date().formatted(.iso8601)) \(event)\n"
            FileHandle.standardOutput.write(Data(line.utf8))
        }
        await supervisor.start()
        await signals.wait()
        await supervisor.stop(within: .seconds(30))
        // deploy/down removes it too, and may have been faster.
        try? FileManager.default.removeItem(atPath: plan.pidFile)
    }
}
