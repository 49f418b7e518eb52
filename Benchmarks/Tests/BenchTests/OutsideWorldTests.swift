import Testing

@testable import Bench

@Suite("The outside world")
struct OutsideWorldTests {
    private func say(_ session: any LocalServer.Session, _ text: String) -> String {
        String(decoding: session.take(Array(text.utf8)[...]), as: UTF8.self)
    }

    @Test("A mail counts when its end has come, however it is cut")
    func mails() {
        var count = 0
        let session = MailSession { count += 1 }
        #expect(say(session, "EHLO client\r\n").hasSuffix("250 SIZE 33554432\r\n"))
        for number in 1...2 {
            #expect(say(session, "MAIL FROM:<a@example.org>\r\n") == "250 ok\r\n")
            #expect(say(session, "DATA\r\n").hasPrefix("354"))
            #expect(say(session, "Subject: A\r\n\r\nText\r\n..\r\n.") == "")
            #expect(count == number - 1)
            #expect(say(session, "\r\n") == "250 taken\r\n")
            #expect(count == number)
        }
    }

    @Test("A webhook counts when its body is complete")
    func webhooks() {
        var count = 0
        let session = WebhookSession { count += 1 }
        #expect(say(session, "POST /hooks HTTP/1.1\r\nContent-Length: 4\r\n\r\nab") == "")
        #expect(say(session, "cdPOST /hooks HTTP/1.1\r\nContent-Length: 0\r\n\r\n").contains("204"))
        #expect(count == 2)
    }
}
