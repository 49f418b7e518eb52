import ArgumentParser
import Contracts
import Foundation

/// `voelgoed migrate`: runs every service's own `migrate`. Each executable knows its tables; this only knows their
/// names.
struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Bring every database to the executables' version.",
        discussion: "Takes the environment of each service from the plan, and the owners' addresses from "
            + "VOELGOED_<SERVICE>_DATABASE_OWNER_URL.")

    @Option(help: "The plan, as deploy/up writes it.")
    var plan: String?

    func run() async throws {
        let environment = OperatorEnvironment()
        let plan = try SupervisionPlan.read(try plan ?? environment.value("VOELGOED_PLAN"))
        var failed: [String] = []
        for service in ServiceName.allCases {
            guard let planned = plan.processes.first(where: { $0.name.hasPrefix("\(service)-") }) else {
                throw OperatorError("the plan has no process of \(service)")
            }
            var variables = planned.environment
            variables["VOELGOED_DATABASE_OWNER_URL"] = try environment.value(
                "VOELGOED_\(service.rawValue.uppercased())_DATABASE_OWNER_URL")
            if service == .payments {
                variables["VOELGOED_SANDBOX_DATABASE_OWNER_URL"] = try environment.value(
                    "VOELGOED_SANDBOX_PROVIDER_DATABASE_OWNER_URL")
            }
            let process = Process()
            process.executableURL = URL(filePath: planned.executable)
            process.arguments = ["migrate"]
            process.environment = variables
            try process.run()
            process.waitUntilExit()
            if process.terminationStatus != 0 { failed.append(service.rawValue) }
        }
        guard failed.isEmpty else { throw OperatorError("not migrated: \(failed.joined(separator: ", "))") }
    }
}
