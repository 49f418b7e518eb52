import ArgumentParser
import Foundation

/// `voelgoed sagas`: what happened to a checkout, a refund or a cancellation, and which ones are under way.
struct Sagas: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List or show checkouts, refunds and cancellations with their history.",
        subcommands: [List.self, Show.self], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Sagas, the newest first.")
        @Option(help: "Only those of this kind: \(SagaKind.allCases.map(\.rawValue).joined(separator: ", ")).")
        var kind: SagaKind?
        @Option(help: "Only those in this state, such as paying, refunding or incomplete.")
        var state: String?
        @Option(help: "The most sagas to list.")
        var limit = 50

        func validate() throws {
            guard limit > 0 else { throw ValidationError("--limit must be above 0") }
        }

        func run() async throws {
            try await OperatorEnvironment().withDatabase(.coordinator) { client in
                let sagas = try await SagaRecords(client: client).newest(kind, state: state, limit: limit)
                for saga in sagas { print(saga) }
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "A saga's every transition, and what operators were called for.")
        @Argument(help: "The id of the checkout, of the refund, or of the canceled occurrence.")
        var id: String

        func run() async throws {
            guard let uuid = UUID(uuidString: id) else { throw ValidationError("the id must be a UUID") }
            try await OperatorEnvironment().withDatabase(.coordinator) { client in
                let sagas = try await SagaRecords(client: client).find(uuid)
                guard !sagas.isEmpty else { throw OperatorError("there is no checkout, refund or cancellation \(id)") }
                for saga in sagas {
                    print(saga)
                    for line in try await SagaRecords(client: client).history(of: saga) { print("  \(line)") }
                    for incident in try await IncidentRecords(client: client).list(of: saga) { print("  \(incident)") }
                }
            }
        }
    }
}
