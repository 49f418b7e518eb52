import ArgumentParser
import Foundation

/// `voelgoed fsck`: reads every database and reports what must never be (the invariants of `docs/ARCHITECTURE.md`).
struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fsck", abstract: "Check the invariants over all databases; exit 1 with a line for each violation.",
        discussion: "Journeys that are under way are left out of the checks that span services, so the check may run beside "
            + "live traffic; run it again when it reports something that had only just begun.")

    @Flag(help: "Print nothing but violations.")
    var quiet = false

    func run() async throws {
        let environment = OperatorEnvironment()
        var violations: [Violation] = []
        for (database, checks) in DatabaseCheck.all {
            try await environment.withDatabase(database) { client in
                for check in checks {
                    let found = try await check.run(on: client)
                    report(check.invariant, check.name, found)
                    violations += found
                }
            }
        }
        for check in JourneyCheck.all {
            let found = try await check.run(in: environment)
            report(check.invariant, check.name, found)
            violations += found
        }
        for violation in violations {
            print("VIOLATION \(violation.invariant) \(violation.check): \(violation.detail)")
        }
        guard violations.isEmpty else {
            print("\(violations.count) violations")
            throw ExitCode(1)
        }
        if !quiet { print("clean") }
    }

    private func report(_ invariant: Int, _ name: String, _ found: [Violation]) {
        if !quiet { print("\(found.isEmpty ? "ok  " : "FAIL") \(invariant) \(name)") }
    }
}

/// One thing that must not be.
struct Violation: Sendable, Equatable {
    /// The number of the invariant in `docs/ARCHITECTURE.md`.
    let invariant: Int
    let check: String
    let detail: String
}
