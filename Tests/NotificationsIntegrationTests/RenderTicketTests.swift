import Contracts
import Foundation
import Messaging
import TestSupport
import Testing

@testable import Notifications

@Suite("Drawing one ticket")
struct RenderTicketTests {
    private func render(
        _ ticketID: TicketID, _ format: DocumentFormat, _ scene: NotificationsScene
    ) async throws -> (type: String, bytes: Data) {
        let document = try await scene.ask(
            RenderTicket(ticketID: ticketID, format: format), of: RenderTicketHandler()
        ).reply.get()
        return (document.contentType, try #require(Data(base64Encoded: document.base64)))
    }

    @Test("A ticket's PDF holds that ticket alone, and its picture is large enough to scan")
    func formats() async throws {
        try await NotificationsScene.with { scene in
            let order = scene.order(tickets: 3)
            try await scene.complete(order)
            let ticket = order.tickets[1]
            let pdf = try await render(ticket.id, .pdf, scene)
            #expect(pdf.type == "application/pdf")
            #expect(try await Program.codes(inPDF: pdf.bytes) == [ticket.code])
            let png = try await render(ticket.id, .png, scene)
            #expect(png.type == "image/png")
            #expect(try await Program.codes(inPicture: png.bytes) == [ticket.code])
            // Bytes 16 to 19 of a PNG are its width (ISO/IEC 15948, 11.2.2).
            let width = png.bytes[16..<20].reduce(0) { $0 << 8 | Int($1) }
            #expect(width >= 600)
        }
    }

    @Test(
        "Another organisation's ticket and one that does not exist are not told apart",
        arguments: DocumentFormat.allCases)
    func notFound(format: DocumentFormat) async throws {
        try await NotificationsScene.with { scene in
            let order = scene.order()
            try await scene.complete(order)
            let known = RenderTicket(ticketID: order.tickets[0].id, format: format)
            #expect(
                try await scene.refusal(known, of: RenderTicketHandler(), as: OrganizationID(UUID())) == .notFound)
            let unknown = RenderTicket(ticketID: TicketID(UUID()), format: format)
            #expect(try await scene.refusal(unknown, of: RenderTicketHandler()) == .notFound)
        }
    }
}
