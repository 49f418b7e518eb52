import ArgumentParser
import Contracts
import Foundation
import Messaging
import Postgres

/// `voelgoed sagas`: what happened to a checkout, and which ones are under way.
struct Sagas: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List or show checkouts with their history.", subcommands: [List.self, Show.self],
        defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Checkouts, the newest first.")
        @Option(help: "Only those in this state: \(CheckoutState.allCases.map(\.rawValue).joined(separator: ", ")).")
        var state: String?
        @Option(help: "The most checkouts to list.")
        var limit = 50

        func run() async throws {
            try await OperatorEnvironment().withDatabase(.coordinator) { client in
                let rows = try await client.query(
                    """
                    SELECT id, organization_id, state, updated_at FROM checkouts
                    WHERE \(state)::text IS NULL OR state = \(state) ORDER BY id DESC LIMIT \(limit)
                    """)
                for (id, organization, state, updated) in try rows.decode((UUID, UUID, String, Timestamp).self) {
                    print("\(id.text)  \(state)  \(updated)  organisation \(organization.text)")
                }
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "One checkout's every transition.")
        @Argument(help: "The checkout's id.")
        var id: String

        func run() async throws {
            guard let checkout = UUID(uuidString: id) else { throw ValidationError("the id must be a UUID") }
            try await OperatorEnvironment().withDatabase(.coordinator) { client in
                let rows = try await client.query(
                    """
                    SELECT at, state, message, outcome, facts FROM checkout_history
                    WHERE checkout_id = \(checkout) ORDER BY sequence
                    """
                ).decode((Timestamp, String, String, String, PostgresRawJSON).self)
                guard !rows.isEmpty else { throw OperatorError("there is no checkout \(id)") }
                for (at, state, message, outcome, facts) in rows {
                    let note = outcome == "changed" ? "" : " (\(outcome))"
                    print("\(at)  \(state)\(note)  \(message)  \(String(decoding: facts.bytes, as: UTF8.self))")
                }
            }
        }
    }
}
