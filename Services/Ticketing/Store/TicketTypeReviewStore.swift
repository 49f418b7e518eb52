import Contracts
import Messaging
import Postgres

/// The table `ticket_type_reviews`: ticket types whose own status is to be looked at, because stock ran out or came
/// back.
struct TicketTypeReviewStore {
    let transaction: PostgresTransaction

    static func insertQuery(_ turned: [TurnedTicketType], at moment: Moment) -> PostgresQuery {
        """
        INSERT INTO ticket_type_reviews (id, organization_id, ticket_type_id)
        SELECT * FROM unnest(
            \(turned.map { _ in moment.makeUUID() }), \(turned.map(\.organizationID)), \(turned.map(\.ticketTypeID)))
        """
    }

    func insert(_ ticketTypeIDs: [TicketTypeID], of organizationID: OrganizationID, at moment: Moment) throws {
        guard !ticketTypeIDs.isEmpty else { return }
        let turned = ticketTypeIDs.map { TurnedTicketType(organizationID: organizationID, ticketTypeID: $0) }
        try transaction.write(Self.insertQuery(turned, at: moment))
    }

    /// Has every ticket type of these occurrences looked at: an occurrence that sells no more does not count when its
    /// types are asked whether they are sold out.
    func insertTypes(of occurrences: [OccurrenceDetails], at moment: Moment) throws {
        let types = TicketTypeStore(transaction: transaction)
        for (eventID, occurrences) in Dictionary(grouping: occurrences, by: \.eventID).sorted(by: { $0.key < $1.key }) {
            guard let organizationID = occurrences.first?.organizationID else { continue }
            let quantities = try types.quantities(of: eventID, organizationID: organizationID)
            try insert(quantities.map(\.0), of: organizationID, at: moment)
        }
    }

    /// Takes reviews, oldest first.
    /// - Returns: the ticket types, some perhaps more than once.
    func take(limit: Int) throws -> [TicketTypeID] {
        try transaction.query(
            """
            DELETE FROM ticket_type_reviews WHERE id IN (
                SELECT id FROM ticket_type_reviews ORDER BY id LIMIT \(limit) FOR UPDATE SKIP LOCKED)
            RETURNING ticket_type_id
            """
        ).decode(TicketTypeID.self)
    }
}
