import ArgumentParser
import Foundation

/// Measures the platform that `deploy/bench` has prepared, and writes what it has found.
@main
struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "One scenario against a prepared platform; exit 1 when something was wrong, not when it was slow.")

    @Argument(help: "Which one: \(Scenario.allCases.map(\.rawValue).joined(separator: ", ")).")
    var scenario: Scenario

    @Option(help: "The file that describes the platform.")
    var installation: String

    @Option(help: "How long each load is measured, in seconds.")
    var seconds = 20.0

    @Option(help: "How long each load runs before it is measured, in seconds.")
    var warmUp = 5.0

    @Option(help: "The same seed makes the same buyers.")
    var seed: UInt64 = 1

    @Option(
        help: """
            How many clients ask at the same time in a closed loop (128; hot, spread and gate look for the fastest of \
            \(PeakSearch.numbers.map { "\($0)" }.joined(separator: ", "))).
            """)
    var clients: Int?

    @Option(help: "How many tickets growth has in the databases, with commas between.")
    var tickets = "10000,1000000,5000000"

    @Option(help: "A report of scale with fewer processes; may be given several times.")
    var earlier: [String] = []

    @Option(help: "Where the report goes: this with .txt and .json.")
    var report: String

    func run() throws {
        let bench = try Workbench(
            try Installation.read(installation),
            .init(
                seconds: seconds, warmUp: warmUp, seed: seed, clients: clients,
                growth: tickets.split(separator: ",").compactMap { Int($0) }, earlier: earlier))
        let result = try scenario.run(bench)
        print(result.text)
        try Data((result.text + "\n").utf8).write(to: URL(filePath: report + ".txt"))
        try result.json().write(to: URL(filePath: report + ".json"))
        guard result.failures.isEmpty else { throw ExitCode(1) }
    }
}

extension Scenario: ExpressibleByArgument {}
