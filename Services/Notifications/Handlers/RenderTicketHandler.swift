import Contracts
import Foundation
import Messaging
import Postgres
import TicketDocuments

/// Draws one issued ticket: some milliseconds of work on the connection's own queue.
struct RenderTicketHandler: SingleRequestHandler {
    static let isReadOnly = true

    /// The least width of a picture in pixels: a phone shows it full size, and it prints at 300 dpi on 5 cm.
    private static let minimumPixels = 600

    func answer(
        _ request: Received<RenderTicket>, in transaction: PostgresTransaction, at moment: Moment
    ) throws -> Answer<RenderedDocument> {
        let ticketID = request.body.ticketID
        let organizationID = try request.organizationID
        let document = try TicketDeliveryStore(transaction: transaction).findDocument(
            with: ticketID, organizationID: organizationID)
        guard let document = document?.only(ticketID), let ticket = document.tickets.first else {
            throw Problem.notFound("ticket")
        }
        let refundState = try TicketRefundStore(transaction: transaction).state(
            of: ticketID, organizationID: organizationID)
        // What looks like a ticket must admit.
        switch refundState {
        case .takenBack: throw Problem(.conflict, "The ticket is being refunded and admits nobody.")
        case .refunded: throw Problem(.conflict, "The ticket was refunded and admits nobody.")
        case .givenBack, nil: break
        }
        let (contentType, bytes) =
            switch request.body.format {
            case .pdf:
                (
                    "application/pdf",
                    try TicketPDF.render(TicketSheet(document), createdAt: document.completedAt.date)
                )
            case .png: ("image/png", try Self.picture(of: ticket.code))
            }
        return Answer(RenderedDocument(contentType: contentType, base64: Data(bytes).base64EncodedString()))
    }

    private static func picture(of code: String) throws -> [UInt8] {
        let modules = try QRCode.modules(code).size + 2 * QRMatrix.quietZone
        let scale = (minimumPixels + modules - 1) / modules
        return try QRCode.png(code, scale: min(max(scale, QRCode.scales.lowerBound), QRCode.scales.upperBound))
    }
}
