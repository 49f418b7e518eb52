import Contracts

/// What a gate has to know of a ticket: whether it still counts, and whether its holder is inside.
struct TicketPresence: Sendable, Equatable {
    /// Of the code that counts; an older one is revoked.
    var revision: Int
    /// Whether the ticket is refunded, or about to be.
    var isRevoked: Bool
    /// How often the holder went through a gate, in and out taken together: one way and then the other, so odd is
    /// inside.
    var movements: Int
    var firstAdmittedAt: Timestamp?

    var isInside: Bool { movements % 2 == 1 }
}
