import Contracts
import Foundation
import HTTPTypes

/// Tickets, kept by Ticketing and drawn by Notifications.
struct TicketRoutes: Sendable {
    let calls: any ServiceCalls

    var endpoints: [Endpoint] {
        [
            Endpoint(
                method: .get, path: "/v1/tickets/{id}", operationID: "getTicket", summary: "One ticket.",
                tag: .orders, access: .scope(.ordersRead), answers: [.ok(.ticket)], handle: get),
            document(.pdf, "application/pdf", operationID: "getTicketPDF", "The ticket to print."),
            document(.png, "image/png", operationID: "getTicketPNG", "The ticket's QR code."),
        ]
    }

    private func document(
        _ format: DocumentFormat, _ mediaType: String, operationID: String, _ summary: String
    ) -> Endpoint {
        Endpoint(
            method: .get, path: "/v1/tickets/{id}.\(format.rawValue)", operationID: operationID, summary: summary,
            tag: .orders, access: .scope(.ordersRead),
            answers: [EndpointAnswer(status: 200, summary: "The document.", content: .other(mediaType))],
            problems: [.conflict]
        ) { call in try await draw(call, format) }
    }

    private func get(_ call: Call) async throws -> Reply {
        try .json(200, try await calls.ask(GetTicket(ticketID: try call.id(of: "ticket")), for: call))
    }

    /// Drawing takes longer than reading.
    private func draw(_ call: Call, _ format: DocumentFormat) async throws -> Reply {
        let id: TicketID = try call.id(of: "ticket")
        let document = try await calls.ask(
            RenderTicket(ticketID: id, format: format), for: call, timeout: .seconds(10))
        guard let bytes = Data(base64Encoded: document.base64) else {
            throw Problem(.unavailable, "The ticket could not be drawn. Try again.", retryAfterSeconds: 1)
        }
        return Reply(
            status: 200, headers: [.contentDisposition: "inline; filename=\"ticket-\(id).\(format.rawValue)\""],
            body: .bytes(Array(bytes), contentType: document.contentType))
    }
}
