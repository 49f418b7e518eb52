import Contracts
import Curl
import Foundation
import Logging
import Testing

@testable import Notifications

@Suite("The mail with an order's tickets")
struct TicketMailTests {
    private static let hostile = #"<script>alert("x")</script> & 'Co'"#

    private func composer() throws -> MailComposer {
        try MailComposer(
            from: MailAddress(name: "Voelgoed Tickets", email: "tickets@voelgoed.example"),
            publicURL: "https://tickets.voelgoed.example", logger: Logger(label: "mail-tests"))
    }

    private func mail(_ document: TicketDocument, template: MailTemplate? = nil) throws -> Mail {
        try composer().tickets(document, to: document.buyer.email, template: template, pdf: [0x25], at: .example)
    }

    private var document: TicketDocument {
        var document = TicketDocument(.example)
        document.venueAddress = .object([
            "city": .string("Pretoria"), "street": .string("12 Church Street"), "postal_code": .string("0002"),
            "geo": .object([:]),
        ])
        return document
    }

    @Test("It says what, when at the venue, where, for whom, and what it cost")
    func content() throws {
        let mail = try mail(document)
        for text in [
            "Night of the Proms", "Opening night", "Saturday 21 November 2026, 21:30", "Africa/Johannesburg (UTC+2)",
            "Royal Hall", "12 Church Street", "0002 Pretoria", "General Admission", "Ada Lovelace", "K7MPQ2XW9R",
            "ZAR 25.00", "ZAR 50.00", "000000000001", "tickets-000000000001.pdf",
        ] {
            #expect(mail.text.contains(text), "text: \(text)")
            #expect(mail.html?.contains(text) == true, "html: \(text)")
        }
        #expect(mail.subject == "Your 1 ticket for Night of the Proms")
        #expect(mail.messageID == "order-\(OrderID.example)@voelgoed.example")
        #expect(mail.attachments.map(\.filename) == ["tickets-000000000001.pdf"])
        #expect(!mail.text.contains("{{") && mail.html?.contains("{{") == false)
    }

    @Test("What people typed is escaped in HTML, and as it is in text")
    func escaping() throws {
        var document = document
        document.eventName = Self.hostile
        document.occurrenceName = Self.hostile
        document.venueName = Self.hostile
        document.venueAddress = .string(Self.hostile)
        document.organizerName = Self.hostile
        document.buyer = Buyer(email: "eve@example.org", givenName: Self.hostile, familyName: Self.hostile)
        document.tickets[0].holderName = Self.hostile
        document.tickets[0].ticketTypeName = Self.hostile
        let mail = try mail(document)
        let html = try #require(mail.html)
        #expect(!html.contains("<script"))
        #expect(!html.contains(#"alert("x")"#))
        let escaped = "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;Co&#39;"
        #expect(html.ranges(of: escaped).count >= 8)
        #expect(mail.text.contains(Self.hostile))
        #expect(mail.subject == "Your 1 ticket for " + Self.hostile)
    }

    @Test("A name cannot forge lines, headers or the direction of text")
    func singleLines() throws {
        var document = document
        document.eventName = "Concert\r\nBcc: all@example.org"
        document.tickets[0].holderName = "Eve\nTotal:  ZAR 0.00\u{202E}"
        document.buyer.givenName = "Eve\u{2028}Mallory"
        let mail = try mail(document)
        #expect(mail.subject == "Your 1 ticket for Concert Bcc: all@example.org")
        #expect(!mail.text.contains("\nTotal:  ZAR 0.00"))
        #expect(!mail.text.contains("\u{202E}"))
        #expect("A\u{7}\u{0} B\t".singleLine == "A B")
        #expect(mail.to.first?.name == "Eve Mallory Lovelace")
    }

    @Test("What is not known leaves no gap")
    func absent() throws {
        var document = document
        document.occurrenceName = nil
        document.venueName = nil
        document.venueAddress = nil
        document.organizerName = nil
        document.totalCents = 0
        let mail = try mail(document)
        #expect(!mail.text.contains("Where:"))
        #expect(!mail.text.contains("By:"))
        #expect(mail.html?.contains("Organised by") == false)
        #expect(mail.text.contains("Total:  Free"))
    }

    @Test("An organisation's own wording is used, escaped all the same")
    func ownTemplate() throws {
        var document = document
        document.eventName = Self.hostile
        let template = MailTemplate(
            subject: "{{eventName}}!", text: "Code {{#tickets}}{{confirmationCode}}{{/tickets}}",
            html: "<p>{{eventName}}</p>")
        let mail = try mail(document, template: template)
        #expect(mail.subject == Self.hostile + "!")
        #expect(mail.text == "Code K7MPQ2XW9R")
        #expect(mail.html?.contains("<script") == false)
    }

    @Test("A template that cannot be parsed gives way to the built-in one")
    func brokenTemplate() throws {
        let template = MailTemplate(subject: "Hello", text: "{{#tickets}}", html: "<p></p>")
        #expect(try mail(document, template: template).subject == "Your 1 ticket for Night of the Proms")
    }

    @Test(
        "A sender is an address, with or without a name",
        arguments: [
            ("Box Office <box@example.org>", MailAddress(name: "Box Office", email: "box@example.org")),
            ("box@example.org", MailAddress(name: "Voelgoed Tickets", email: "box@example.org")),
            ("box", nil), ("<box@example.org", nil), ("a@b@c", nil), ("box @example.org", nil), ("", nil),
        ] as [(String, MailAddress?)])
    func senders(text: String, address: MailAddress?) {
        #expect(MailAddress(mailbox: text) == address)
    }
}
