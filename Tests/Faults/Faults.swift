import ArgumentParser
import Foundation

/// The fault campaign. `deploy/faults` prepares a platform and runs it; docs/faults.md says what it does.
@main
struct Faults: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "Faults", abstract: "Tries to break a running platform, and judges what it did.",
        subcommands: [Run.self, Kinds.self])

    /// Prints the names of all kinds.
    struct Kinds: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The kinds of faults, a line each.")

        func run() {
            for kind in FaultKind.allCases { print(kind.rawValue) }
        }
    }

    struct Run: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Runs a campaign and writes its report.")

        @Option(help: "The description of the platform, as deploy/faults writes it.")
        var installation: String
        @Option(help: "How long the load lasts.")
        var seconds: Int
        @Option(help: "What the schedule and the load are drawn from.")
        var seed: UInt64
        @Option(help: "The kinds of faults, with commas between.")
        var kinds: String
        @Option(help: "Operations begun in a second.")
        var rate = 6.0
        @Option(help: "Where the report goes; .txt and .json are added.")
        var report: String

        func validate() throws {
            guard seconds > 0, seconds <= 86_400 else { throw ValidationError("--seconds must be 1 to 86400") }
            guard rate > 0, rate <= 200 else { throw ValidationError("--rate must be above 0 and at most 200") }
            _ = try chosen
        }

        private var chosen: [FaultKind] {
            get throws {
                try kinds.split(separator: ",").map { name in
                    guard let kind = FaultKind(rawValue: String(name)) else {
                        throw ValidationError("there is no kind of fault called \(name)")
                    }
                    return kind
                }
            }
        }

        func run() async throws {
            let campaign = Campaign(
                installation: try Installation.read(installation), seed: seed, kinds: try chosen, seconds: seconds,
                rate: rate
            ) { line in
                print("    \(line)")
                fflush(nil)
            }
            // Unstructured, because a signal is to cancel it, so that nothing stays frozen.
            let task = Task { try await campaign.run() }
            let sources = [SIGTERM, SIGINT].map { number in
                signal(number, SIG_IGN)
                let source = DispatchSource.makeSignalSource(signal: number)
                source.setEventHandler { task.cancel() }
                source.resume()
                return source
            }
            defer { sources.forEach { $0.cancel() } }
            let result = try await task.value
            try result.write(to: report)
            print(result.text)
            guard result.isPassed else { throw ExitCode(1) }
        }
    }
}
