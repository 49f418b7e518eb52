import Contracts
import Postgres

/// Whom the gates would let in, beside whom they should.
@SimulationActor
struct GateBook {
    /// Tickets whose money is back.
    private let refunded: Set<TicketID>
    /// Tickets that count, and that no refund has taken back.
    private let valid: Set<TicketID>
    private let revoked: Set<TicketID>

    static func read(_ databases: SimulatedDatabases) async throws -> GateBook {
        let tickets = try await databases.client(of: .ticketing).query(
            """
            SELECT id, status = 'refunded' FROM tickets
            WHERE status = 'refunded' OR status IN ('confirmed', 'checked_in') AND refund_id IS NULL
            """
        ).decode((TicketID, Bool).self)
        let revoked = try await databases.client(of: .scanning).query(
            "SELECT id FROM tickets WHERE status = 'revoked'"
        ).decode(TicketID.self)
        return GateBook(
            refunded: Set(tickets.filter(\.1).map(\.0)), valid: Set(tickets.filter { !$0.1 }.map(\.0)),
            revoked: Set(revoked))
    }

    var problems: [String] {
        refunded.subtracting(revoked).sorted().map { "ticket \($0) is refunded, and the gates would let it in" }
            + valid.intersection(revoked).sorted().map { "ticket \($0) is valid, and the gates would turn it away" }
    }
}
