import Contracts
import Curl
import Foundation
import Logging
import Testing

@testable import Notifications

@Suite("Letters")
struct LetterTests {
    private func refund(_ change: (inout RefundLetter) -> Void = { _ in }) -> RefundLetter {
        var letter = RefundLetter(
            orderID: .example, eventName: "Rock & Roll", occurrenceName: nil, startAt: .example,
            timezone: "Africa/Johannesburg", organizerName: "Voelgoed", buyer: .example, amountCents: 5000,
            currency: .example, ticketCount: 2, reason: "The artist\r\nBcc: x is <ill>.", isCancellation: true)
        change(&letter)
        return letter
    }

    private var letters: [Letter] {
        [
            .occurrenceCanceled(refund()), .orderRefunded(refund()),
            .checkoutRefunded(
                CheckoutRefundLetter(checkoutID: .example, buyer: .example, amountCents: 5000, currency: .example)),
            .endpointDisabled(
                EndpointDisabledLetter(
                    organizationName: "Voelgoed", endpointID: .example, url: "https://example.org/hooks?a=1&b=2",
                    reason: .failing, failingSince: .example, disabledAt: .example)),
        ]
    }

    private func mail(_ letter: Letter, template: MailTemplate? = nil) throws -> Mail {
        let composer = try MailComposer(
            from: MailAddress(name: "Tickets", email: "tickets@voelgoed.example"),
            publicURL: "https://tickets.voelgoed.example", logger: Logger(label: "letters"))
        return composer.letter(letter, id: UUID(), to: "ada@example.org", template: template, at: .example)
    }

    @Test("Every kind is kept as JSON and read back")
    func codable() throws {
        #expect(letters.map(\.kind) == Letter.Kind.allCases)
        for letter in letters {
            let bytes = try MessageCodec.encode(letter)
            #expect(try MessageCodec.decode(Letter.self, from: bytes) == letter)
        }
    }

    @Test("Every kind says something, on clean lines, without tags that are left over")
    func built() throws {
        for letter in letters {
            let mail = try mail(letter)
            for text in [mail.subject, mail.text, mail.html ?? ""] {
                #expect(!text.isEmpty)
                #expect(!text.contains("{{"))
                #expect(!text.contains("\nBcc:"))
            }
            #expect(!mail.subject.contains("\n"))
            #expect(mail.html?.contains("</html>") == true)
            #expect(mail.attachments.isEmpty)
        }
    }

    @Test("What people typed is escaped in HTML and kept as it is in text")
    func escaped() throws {
        let mail = try mail(.occurrenceCanceled(refund()))
        #expect(mail.html?.contains("Rock &amp; Roll") == true)
        #expect(mail.html?.contains("&lt;ill&gt;") == true)
        #expect(mail.text.contains("Rock & Roll"))
        #expect(mail.subject.contains("Rock & Roll"))
    }

    @Test("Money, tickets and reason are told of only when there are any")
    func optional() throws {
        let free = try mail(
            .occurrenceCanceled(
                refund {
                    $0.amountCents = 0
                    $0.reason = " "
                }))
        #expect(!free.text.contains("Refund:"))
        #expect(!free.text.contains("Why:"))
        let amount = try mail(.orderRefunded(refund { $0.ticketCount = 0 }))
        #expect(amount.text.contains("Your tickets stay valid."))
        let ticket = try mail(.orderRefunded(refund { $0.ticketCount = 1 }))
        #expect(ticket.text.contains("No longer valid: 1 ticket\n"))
    }

    @Test("An organisation's own wording is used, unless it cannot be parsed")
    func ownWording() throws {
        let own = try mail(
            .orderRefunded(refund()), template: MailTemplate(subject: "{{orderCode}}", text: "{{amount}}", html: "<p>"))
        #expect(own.html == "<p>")
        let broken = try mail(
            .orderRefunded(refund()), template: MailTemplate(subject: "{{#a}}", text: "x", html: "x"))
        #expect(broken.text.contains("Rock & Roll"))
    }

    @Test("A document without some tickets is for the others only")
    func document() {
        var order = OrderCompleted.example
        var second = IssuedTicket.example
        second.id = TicketID(UUID())
        order.tickets = [.example, second]
        let document = TicketDocument(order)
        #expect(document.without([]) == document)
        #expect(document.without([second.id])?.tickets.map(\.id) == [IssuedTicket.example.id])
        #expect(document.without([second.id])?.totalCents == IssuedTicket.example.priceCents)
        #expect(document.without([second.id, IssuedTicket.example.id]) == nil)
    }
}
