import Contracts
import Testing

@testable import Notifications

@Suite("Which URLs an endpoint may have")
struct WebhookURLRuleTests {
    @Test(
        "An https URL with a host is allowed",
        arguments: [
            "https://example.org", "https://example.org/hooks?token=1", "HTTPS://EXAMPLE.ORG:8443/",
            "https://[2606:2800:220:1::1]/hook",
        ])
    func allowed(url: String) {
        #expect(WebhookURLRule(allowsPlainHTTP: false).problem(with: url) == nil)
    }

    @Test(
        "Anything else is refused with a reason",
        arguments: [
            "", "example.org", "/hooks", "ftp://example.org", "http://example.org", "https://", "https:///path",
            "https://user@example.org", "https://user:secret@example.org", "https://example.org/#part",
            "https://example.org/a b", "https://exämple.org", "javascript:alert(1)", "https://example.org/\n",
            "https://example.org/" + String(repeating: "a", count: 2048),
        ])
    func refused(url: String) {
        #expect(WebhookURLRule(allowsPlainHTTP: false).problem(with: url) != nil)
    }

    @Test("Plain http is allowed only where endpoints on this machine are")
    func plain() {
        #expect(WebhookURLRule(allowsPlainHTTP: true).problem(with: "http://127.0.0.1:8080/hook") == nil)
        #expect(WebhookURLRule(allowsPlainHTTP: true).problem(with: "ftp://127.0.0.1/hook") != nil)
    }

    @Test("Event types are needed, and each counts once")
    func types() throws {
        #expect(throws: Problem.self) { try WebhookEventTypes.checked([]) }
        #expect(
            try WebhookEventTypes.checked([.ticketIssued, .orderCompleted, .ticketIssued])
                == [.ticketIssued, .orderCompleted])
    }
}
