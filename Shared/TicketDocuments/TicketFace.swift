/// What one page of a ``TicketSheet`` says about its ticket.
public struct TicketFace: Sendable, Equatable {
    /// For example "General admission".
    public var ticketTypeName: String

    /// Who is admitted.
    public var holderName: String

    /// The price as the buyer should read it, for example "R 250,00".
    public var priceText: String

    /// What a person reads out or types when the code cannot be scanned.
    public var confirmationCode: String

    /// What the QR code says.
    public var code: String

    /// What the holder should know; may have several lines.
    public var notes: String?

    /// One ticket.
    public init(
        ticketTypeName: String,
        holderName: String,
        priceText: String,
        confirmationCode: String,
        code: String,
        notes: String? = nil
    ) {
        self.ticketTypeName = ticketTypeName
        self.holderName = holderName
        self.priceText = priceText
        self.confirmationCode = confirmationCode
        self.code = code
        self.notes = notes
    }
}
