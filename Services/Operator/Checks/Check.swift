import ArgumentParser
import Contracts
import Foundation

/// `voelgoed fsck`: reads every database and reports what must never be (the invariants of `docs/ARCHITECTURE.md`).
struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fsck",
        abstract: "Check the invariants over all databases; exit 1 with a line for each violation.",
        discussion: """
            May run beside live traffic: what is under way is left out of the checks that span services. Those that \
            follow events from one service to another give the events --grace seconds to arrive.
            """)

    @Flag(help: "Print nothing but findings.")
    var quiet = false

    @Option(help: "How many seconds events may take from one service to another. 0 where nothing is under way.")
    var grace = 60

    func validate() throws {
        guard (0...86_400).contains(grace) else { throw ValidationError("--grace must be between 0 and 86400 seconds") }
    }

    func run() async throws {
        let environment = OperatorEnvironment()
        let settledBefore = Timestamp(Date()) - .seconds(grace)
        var failures = 0
        try await environment.withDatabases { databases in
            let scope = CheckScope(databases: databases, settledBefore: settledBefore)
            for check in InvariantCheck.all {
                let outcome = await check.run(in: scope)
                if !quiet { print(outcome.summary) }
                for line in outcome.lines { print(line) }
                // A pipe is not a terminal: without it, nothing is seen of a long check before its end.
                fflush(nil)
                failures += outcome.failures
            }
        }
        guard failures == 0 else {
            print("\(failures) \(failures == 1 ? "violation" : "violations")")
            throw ExitCode(1)
        }
        if !quiet { print("clean") }
    }
}
