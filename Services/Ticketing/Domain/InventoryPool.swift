import Contracts

extension Subject {
    enum InventoryPool {}
}

typealias InventoryPoolID = Identifier<Subject.InventoryPool>

/// The stock of one occurrence, or of one ticket type of it: what it has and what it has given away.
struct InventoryPool: Sendable, Equatable {
    let id: InventoryPoolID
    let organizationID: OrganizationID
    let occurrenceID: OccurrenceID
    /// Nil for the whole occurrence.
    let ticketTypeID: TicketTypeID?
    /// Nil for unlimited.
    let capacity: Int?
    /// Places that holds keep.
    var reserved: Int
    /// Places of confirmed tickets.
    var sold: Int

    /// Live tickets: what must never exceed the capacity (invariant 1).
    var taken: Int { reserved + sold }

    /// How many are left; nil for unlimited.
    var available: Int? { capacity.map { max(0, $0 - taken) } }
}
