import Foundation
import Testing

@testable import Ticketing

@Suite("The ticket signing secret")
struct TicketSigningSecretTests {
    private static let bytes: [UInt8] = (0..<32).map { UInt8($0 * 7 % 256) }

    @Test("Hexadecimal digits, base64 and text all give their bytes")
    func forms() {
        let hexadecimal = Self.bytes.map { String(format: "%02x", Int($0)) }.joined()
        #expect(TicketSigningSecret(hexadecimal)?.bytes == Self.bytes)
        #expect(TicketSigningSecret(hexadecimal.uppercased())?.bytes == Self.bytes)
        #expect(TicketSigningSecret(Data(Self.bytes).base64EncodedString())?.bytes == Self.bytes)
        let text = "a text that is nothing but a text!"
        #expect(TicketSigningSecret(text)?.bytes == Array(text.utf8))
    }

    @Test("Fewer than 32 bytes are refused", arguments: ["", "short", String(repeating: "x", count: 31)])
    func short(text: String) {
        #expect(TicketSigningSecret(text) == nil)
    }

    @Test("No description shows the secret")
    func redacted() throws {
        let secret = try #require(TicketSigningSecret("a text that is nothing but a text!"))
        var dumped = ""
        dump(secret, to: &dumped)
        for shown in ["\(secret)", String(reflecting: secret), dumped] {
            #expect(!shown.contains("97"))
            #expect(!shown.contains("a text"))
        }
    }
}
