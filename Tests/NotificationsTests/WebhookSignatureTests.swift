import Contracts
import Foundation
import Testing

@testable import Notifications

@Suite("Webhooks as they are sent")
struct WebhookSignatureTests {
    @Test("The reference vector of the Standard Webhooks libraries gets their signature")
    func knownAnswer() throws {
        let secret = try #require(WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
        let headers = WebhookSignature.headers(
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek", time: Timestamp(millisecondsSince1970: 1_614_265_330_999),
            payload: Array(#"{"test": 2432232314}"#.utf8), secrets: [secret])
        #expect(headers.map(\.name) == ["webhook-id", "webhook-timestamp", "webhook-signature"])
        #expect(
            headers.map(\.value) == [
                "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
            ])
    }

    @Test("A secret's text form is read back, and nothing else is")
    func secret() {
        let secret = WebhookSecret(bytes: Array(0..<32))
        #expect(secret.text.hasPrefix("whsec_"))
        #expect(WebhookSecret(secret.text) == secret)
        #expect(WebhookSecret("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw") == nil)
        #expect(WebhookSecret("whsec_not base64!") == nil)
    }

    @Test("The payload is exactly type, timestamp and data, the same bytes every time")
    func payload() throws {
        let notice = WebhookNotice(
            type: .ticketCheckedIn, objectID: UUID(), occurredAt: .example,
            data: .members(["b": .string("é/\""), "a": .integer(1), "absent": nil]))
        #expect(
            try notice.payload
                == #"{"type":"ticket.checked_in","timestamp":"2026-11-21T19:30:00.000Z","data":{"a":1,"b":"é/\""}}"#)
    }

    @Test("An order becomes one notice of itself and one of each ticket, none of which tells a code that admits")
    func order() throws {
        var order = OrderCompleted.example
        order.tickets = (0..<3).map { _ in
            var ticket = IssuedTicket.example
            ticket.id = TicketID(UUID())
            ticket.code = "VG1SECRETCODE"
            return ticket
        }
        let notices = order.webhookNotices([.orderCompleted, .ticketIssued])
        #expect(notices.map(\.type) == [.orderCompleted, .ticketIssued, .ticketIssued, .ticketIssued])
        #expect(notices.map(\.objectID) == [order.orderID.rawValue] + order.tickets.map(\.id.rawValue))
        #expect(notices[0].data["ticket_ids"] == .array(order.tickets.map { .string($0.id.description) }))
        for notice in notices { #expect(try !notice.payload.contains("VG1SECRETCODE")) }
        #expect(order.webhookNotices([.orderCompleted, .refundCompleted]) == [notices[0]])
        #expect(order.webhookNotices([.ticketIssued]) == Array(notices[1...]))
    }

    @Test("Only a first admission is told of", arguments: ScanResult.allCases, [true, false])
    func scans(result: ScanResult, isFirst: Bool) {
        var scan = ScanRecorded.example
        scan.result = result
        scan.isFirstAdmission = isFirst
        #expect((scan.checkInNotice != nil) == (result == .admitted && isFirst))
        scan.ticketID = nil
        #expect(scan.checkInNotice == nil)
    }

    @Test("Only an expired checkout is told of", arguments: CheckoutState.allCases)
    func checkouts(state: CheckoutState) {
        var change = CheckoutEnded.example
        change.checkout.state = state
        #expect((change.expiryNotice(occurredAt: .example) != nil) == (state == .expired))
    }

    @Test("An answer is kept as text the database takes")
    func excerpt() {
        #expect(WebhookResult.excerpt(of: []) == nil)
        #expect(WebhookResult.excerpt(of: [0x61, 0x00, 0xFF]) == "a\u{FFFD}\u{FFFD}")
    }

    @Test("During a rotation both secrets sign, the newer one first")
    func twoSecrets() {
        let secrets = [
            WebhookSecret(bytes: Array(repeating: 1, count: 32)), WebhookSecret(bytes: Array(repeating: 2, count: 32)),
        ]
        let payload = Array(#"{"test": 2432232314}"#.utf8)
        let headers = WebhookSignature.headers(id: "msg", time: .example, payload: payload, secrets: secrets)
        let seconds = Timestamp.example.millisecondsSince1970 / 1000
        let signatures = secrets.map {
            WebhookSignature.signature(id: "msg", seconds: seconds, payload: payload, secret: $0)
        }
        #expect(headers.last?.value == signatures.joined(separator: " "))
        #expect(Set(signatures).count == 2)
    }
}
