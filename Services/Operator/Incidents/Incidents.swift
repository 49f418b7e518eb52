import ArgumentParser
import Contracts
import Foundation

/// `voelgoed incidents`: what sagas cannot mend by themselves, and what was done about it.
struct Incidents: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List or resolve what sagas cannot mend by themselves.", subcommands: [List.self, Resolve.self],
        defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The open incidents, the oldest first.")
        @Flag(help: "Those that are resolved as well, the newest first.")
        var all = false
        @Option(help: "The most incidents to list.")
        var limit = 100

        func validate() throws {
            guard limit > 0 else { throw ValidationError("--limit must be above 0") }
        }

        func run() async throws {
            try await OperatorEnvironment().withDatabase(.coordinator) { client in
                let records = IncidentRecords(client: client)
                let incidents = try await all ? records.all(limit: limit) : records.open(limit: limit)
                for incident in incidents { print(incident) }
                if incidents.isEmpty { print(all ? "no incidents" : "no open incidents") }
            }
        }
    }

    struct Resolve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say what was done about an incident. The saga itself does not hear of it.")
        @Argument(help: "The incident's id.")
        var id: String
        @Option(help: "What was done, for whoever reads it later.")
        var note: String

        func validate() throws {
            guard UUID(uuidString: id) != nil else { throw ValidationError("the id must be a UUID") }
            guard (1...2000).contains(note.trimmingCharacters(in: .whitespacesAndNewlines).count) else {
                throw ValidationError("--note must say in 1 to 2000 characters what was done")
            }
        }

        func run() async throws {
            guard let uuid = UUID(uuidString: id) else { return }
            try await OperatorEnvironment().withDatabase(.coordinator) { client in
                let incident = try await IncidentRecords(client: client).resolve(
                    uuid, note: note.trimmingCharacters(in: .whitespacesAndNewlines), at: Timestamp(Date()))
                print(incident)
            }
        }
    }
}
