/// Why a ticket document could not be made.
public enum TicketDocumentError: Error, Equatable, CustomStringConvertible {
    /// The sheet has no tickets.
    case noTickets

    /// The text is empty or does not fit into the largest QR code.
    case codeNotEncodable

    /// The size of a QR picture is not one that can be drawn.
    case scaleOutOfRange(allowed: ClosedRange<Int>)

    /// The machine has no fonts at all.
    case noFonts

    /// The drawing library failed, which it does only when memory is short; says what it reported.
    case drawingFailed(String)

    /// The reason in words.
    public var description: String {
        switch self {
        case .noTickets: "the sheet has no tickets"
        case .codeNotEncodable: "the text is empty or does not fit into a QR code"
        case .scaleOutOfRange(let allowed): "the scale is not within \(allowed.lowerBound) to \(allowed.upperBound)"
        case .noFonts: "no fonts are installed"
        case .drawingFailed(let reason): "drawing failed: \(reason)"
        }
    }
}
