import Foundation
import Testing

@testable import Curl

@Suite("The mail sender", .enabled(if: LocalServer.isAvailable, "needs /usr/bin/python3 with aiosmtpd"))
struct MailSenderTests {
    private let server: LocalServer
    private let sender: MailSender

    init() async throws {
        server = try await LocalServer(script: PackageResources.smtp_server_py)
        sender = try MailSender(
            configuration: SMTPConfiguration(url: "smtp://127.0.0.1:\(server.port)", requiresTLS: false))
    }

    private func mail(to recipients: [MailAddress] = [MailAddress(email: "guest@example.com")]) -> Mail {
        Mail(
            messageID: "0198a.1@events.example", date: Date(timeIntervalSince1970: 1_796_500_805),
            from: MailAddress(name: "Voelgoed Events", email: "tickets@events.example"), to: recipients,
            subject: "Your tickets", text: "Hello\n")
    }

    private func received() async throws -> ReceivedMail {
        try JSONDecoder().decode(ReceivedMail.self, from: Data(try await server.nextLine().utf8))
    }

    private func failure(_ mail: Mail, by sender: MailSender? = nil) async -> MailSendError? {
        do {
            try await (sender ?? self.sender).send(mail)
            return nil
        } catch {
            return error
        }
    }

    @Test("A mail with text, HTML and attachments arrives whole, in any script")
    func wholeMail() async throws {
        let pdf = (0..<70_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        var mail = mail(to: [
            MailAddress(name: "Zoë \"Z\" van der Merwe", email: "zoe@example.com"),
            MailAddress(name: "محمد عبد الله", email: "mohammed@example.com"),
            MailAddress(email: "plain@example.com"),
        ])
        mail.from.name = "O'Brien, \"The\" \\ Events"
        mail.subject = "Jou kaartjies vir Sêlfie-fees: 山田さん, नमस्ते, 🎟️ " + String(repeating: "baie lank ", count: 12)
        mail.text = "Dagsê!\r\n.\n..dots\nFrom here\r\nLong: \(String(repeating: "ê", count: 600))\nend = fin \n"
        mail.html = "<p>Dagsê = <b>reën</b></p>\n"
        mail.attachments = [
            MailAttachment(filename: "tickets.pdf", contentType: "application/pdf", bytes: pdf),
            MailAttachment(
                filename: "kaartjie \"ë\" für 山田; \(String(repeating: "é", count: 40)).png",
                contentType: "image/png", bytes: [0, 13, 10, 255]),
            MailAttachment(filename: "empty.txt", contentType: "text/plain; charset=utf-8", bytes: []),
        ]
        mail.headers = [("Reply-To", "help@events.example"), ("X-Note", "ëvent")]
        try await sender.send(mail)

        let received = try await received()
        #expect(received.sender == "tickets@events.example")
        #expect(received.recipients == ["zoe@example.com", "mohammed@example.com", "plain@example.com"])
        #expect(received.isASCII)
        #expect(received.longestLine <= 100)
        #expect(received.defects.isEmpty)
        #expect(received.values("subject") == [mail.subject])
        #expect(received.values("message-id") == ["<0198a.1@events.example>"])
        #expect(received.values("date") == ["Sat, 05 Dec 2026 20:00:05 +0000"])
        #expect(received.values("mime-version") == ["1.0"])
        #expect(received.values("reply-to") == ["help@events.example"])
        #expect(received.values("x-note") == ["ëvent"])
        #expect(received.values("from") == [#""O'Brien, \"The\" \\ Events" <tickets@events.example>"#])
        let to = try #require(received.values("to").first)
        #expect(to.contains("محمد عبد الله <mohammed@example.com>"))
        #expect(to.contains("Zoë \\\"Z\\\" van der Merwe"))
        #expect(
            received.structure == [
                "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "application/pdf", "image/png",
                "text/plain",
            ])
        #expect(received.parts.allSatisfy { $0.defects.isEmpty })
        #expect(received.parts[0].text == mail.text.replacing("\r\n", with: "\n").replacing("\n", with: "\r\n"))
        #expect(received.parts[1].text == "<p>Dagsê = <b>reën</b></p>\r\n")
        #expect(received.parts[2].content == Data(pdf))
        #expect(received.parts[2].disposition == "attachment")
        #expect(received.parts[2].filename == "tickets.pdf")
        #expect(received.parts[3].content == Data([0, 13, 10, 255]))
        #expect(received.parts[3].filename == mail.attachments[1].filename)
        #expect(received.parts[4].content.isEmpty)
    }

    @Test("A plain mail is plain text alone, and the next one goes over the same connection")
    func plainMails() async throws {
        try await sender.send(mail())
        try await sender.send(mail())
        let first = try await received()
        let second = try await received()
        #expect(first.structure == ["multipart/mixed", "text/plain"])
        #expect(first.parts[0].text == "Hello\r\n")
        #expect(first.values("from") == ["Voelgoed Events <tickets@events.example>"])
        #expect(first.peer == second.peer)
    }

    @Test(
        "A field that could forge another header is refused by its name, and nothing is sent",
        arguments: ["\r\nBcc: victim@example.com", "\nX: y", "\rX: y", "\u{0}", "\u{7f}", "\u{85}", "\u{b}"])
    func headerInjection(payload: String) async throws {
        let edits: [(String, (inout Mail) -> Void)] = [
            ("subject", { $0.subject += payload }),
            ("messageID", { $0.messageID += payload }),
            ("from.name", { $0.from.name = "a" + payload }),
            ("from.email", { $0.from.email += payload }),
            ("to[0].name", { $0.to[0].name = "a" + payload }),
            ("to[0].email", { $0.to[0].email += payload }),
            ("headers[X-Note]", { $0.headers = [("X-Note", "a" + payload)] }),
            ("headers", { $0.headers = [("X-Note" + payload, "a")] }),
            (
                "attachments[0].filename",
                {
                    $0.attachments = [MailAttachment(filename: "a" + payload, contentType: "image/png", bytes: [1])]
                }
            ),
            (
                "attachments[0].contentType",
                {
                    $0.attachments = [MailAttachment(filename: "a", contentType: "image/png" + payload, bytes: [1])]
                }
            ),
        ]
        for (field, edit) in edits {
            var mail = mail()
            edit(&mail)
            guard case .invalidField(let named, _) = await failure(mail) else {
                Issue.record("\(field) was not refused")
                continue
            }
            #expect(named == field)
        }
        #expect(await server.remainingLines().isEmpty)
    }

    @Test(
        "What is not an ASCII address is refused",
        arguments: [
            "", "guest", "@example.com", "guest@", "a@b@c", "gu est@example.com", "<guest@example.com>", "g,h@a.b",
            "gäst@example.com", "guest@exämple.com", String(repeating: "a", count: 65) + "@example.com",
        ])
    func invalidAddresses(email: String) async {
        let error = await failure(mail(to: [MailAddress(email: email)]))
        #expect(error == .invalidField("to[0].email", reason: "is not an ASCII mail address"))
        #expect(error?.isPermanent == true)
    }

    @Test("A mail without recipients, with a header of the sender's own or without a real message ID is refused")
    func otherInvalidFields() async {
        #expect(await failure(mail(to: [])) == .invalidField("to", reason: "names no recipient"))
        var forged = mail()
        forged.headers = [("Bcc", "victim@example.com")]
        #expect(await failure(forged) == .invalidField("headers[Bcc]", reason: "is written by the sender"))
        var unnamed = mail()
        unnamed.messageID = "no-right-side"
        #expect(await failure(unnamed) == .invalidField("messageID", reason: "is not of the form left@right"))
    }

    @Test(
        "A refused recipient is permanent for 5xx and temporary for 4xx",
        arguments: [(550, true), (551, true), (451, false)])
    func refusedRecipients(code: Int, isPermanent: Bool) async throws {
        let error = await failure(mail(to: [MailAddress(email: "\(code)@fails.example")]))
        #expect(error == .rejected(code: code, reply: "\(code) refused for a test"))
        #expect(error?.isPermanent == isPermanent)
        try await sender.send(mail())
        #expect(try await received().recipients == ["guest@example.com"])
    }

    @Test("Content that the relay refuses is a permanent failure, which the next mail does not suffer from")
    func refusedContent() async throws {
        var mail = mail()
        mail.text = "refuse this content"
        let error = await failure(mail)
        #expect(error == .rejected(code: 554, reply: "554 5.7.1 content refused"))
        #expect(error?.isPermanent == true)
        try await sender.send(self.mail())
        #expect(try await received().recipients == ["guest@example.com"])
    }

    @Test("A relay that is away or does not answer is a temporary failure")
    func unavailable() async throws {
        var configuration = SMTPConfiguration(
            url: "smtp://127.0.0.1:\(server.port)", requiresTLS: false, timeout: .milliseconds(500))
        var silent = mail()
        silent.text = "never answer this content"
        let slow = await failure(silent, by: try MailSender(configuration: configuration))
        #expect(slow == .timedOut)
        #expect(slow?.isPermanent == false)
        _ = await server.remainingLines()
        configuration.timeout = .seconds(5)
        let away = await failure(mail(), by: try MailSender(configuration: configuration))
        guard case .connectionFailed = away else {
            Issue.record("\(String(describing: away))")
            return
        }
        #expect(away?.isPermanent == false)
    }

    @Test("A relay that has closed the connection in between gets the next mail over another one")
    func closedConnection() async throws {
        for _ in 0..<3 {
            var farewell = mail()
            farewell.text = "close after this content"
            try await sender.send(farewell)
            _ = try await received()
            // Printed when the connection is gone.
            #expect(try await server.nextLine() == "closed")
        }
    }

    @Test("Only a relay's URL is accepted", arguments: ["", "127.0.0.1", "http://127.0.0.1", "smtp://u:p@127.0.0.1"])
    func invalidConfiguration(url: String) {
        #expect(throws: MailSendError.self) { try MailSender(configuration: SMTPConfiguration(url: url)) }
    }

    @Test("With TLS required a mail goes out encrypted and after login, or not at all")
    func requiredTLS() async throws {
        let plain = try MailSender(configuration: SMTPConfiguration(url: "smtp://127.0.0.1:\(server.port)"))
        guard case .connectionFailed = await failure(mail(), by: plain) else {
            Issue.record("a mail went out unencrypted")
            return
        }

        let certificate = try LocalCertificate()
        let relay = try await LocalServer(
            script: PackageResources.smtp_server_py, arguments: [certificate.certificatePath, certificate.keyPath])
        var configuration = SMTPConfiguration(
            url: "smtp://127.0.0.1:\(relay.port)", username: "events", password: "correct horse")
        guard case .connectionFailed = await failure(mail(), by: try MailSender(configuration: configuration)) else {
            Issue.record("a self-signed certificate was trusted")
            return
        }
        configuration.certificateAuthorities = certificate.certificatePath
        try await MailSender(configuration: configuration).send(mail())
        let received = try JSONDecoder().decode(ReceivedMail.self, from: Data(try await relay.nextLine().utf8))
        #expect(received.encrypted)

        configuration.password = "wrong"
        let denied = await failure(mail(), by: try MailSender(configuration: configuration))
        guard case .loginDenied = denied else {
            Issue.record("\(String(describing: denied))")
            return
        }
        #expect(denied?.isPermanent == false)
    }
}
