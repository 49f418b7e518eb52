import Foundation
import Testing

@testable import TicketCode

@Suite("A ticket code")
struct TicketCodeTests {
    private let occurrenceID = UUID()
    private let otherOccurrenceID = UUID()
    private let ticketID = UUID()
    private let secret = (0..<32).map { _ in UInt8.random(in: 0...255) }

    private func signingKey(for occurrenceID: UUID) throws -> TicketSigningKey {
        try TicketSigningKey(secret: secret, occurrenceID: occurrenceID)
    }

    private func verifyingKey(for occurrenceID: UUID) throws -> TicketVerifyingKey {
        let publicKey = try signingKey(for: occurrenceID).publicKey
        return try TicketVerifyingKey(publicKey: publicKey, occurrenceID: occurrenceID)
    }

    @Test("Every known vector gives the same public key and the same text, and its text verifies")
    func knownAnswers() throws {
        let vectors = try TicketCodeVector.all()
        #expect(vectors.count == 12)
        for vector in vectors {
            let secret = try TicketCodeVector.bytes(ofHex: vector.secret)
            let publicKey = try TicketCodeVector.bytes(ofHex: vector.publicKey)
            let key = try TicketSigningKey(secret: secret, occurrenceID: vector.occurrenceID)
            #expect(key.publicKey == publicKey, "\(vector)")
            #expect(try key.sign(ticketID: vector.ticketID, revision: vector.revision) == vector.text, "\(vector)")
            let verifier = try TicketVerifyingKey(publicKey: publicKey, occurrenceID: vector.occurrenceID)
            #expect(
                verifier.verify(vector.text) == .valid(ticketID: vector.ticketID, revision: vector.revision),
                "\(vector)")
        }
    }

    @Test("Changing any single bit of a code makes it fail")
    func singleBitFlips() throws {
        let text = try signingKey(for: occurrenceID).sign(ticketID: ticketID, revision: 3)
        let verifier = try verifyingKey(for: occurrenceID)
        let bytes = try #require(TicketCode(text)).bytes
        for position in 0..<(bytes.count * 8) {
            var flipped = bytes
            flipped[position / 8] ^= 1 << UInt8(position % 8)
            let result = verifier.verify(TicketCode.prefix + Base32.encode(flipped))
            switch position / 8 {
            case 0: #expect(result == .malformed, "bit \(position)")
            case 1...8:
                guard case .otherOccurrence = result else {
                    Issue.record("bit \(position) gave \(result)")
                    continue
                }
            default: #expect(result == .forged, "bit \(position)")
            }
        }
    }

    @Test("Replacing any single character by any other letter or digit makes it fail")
    func singleCharacterChanges() throws {
        let text = Array(try signingKey(for: occurrenceID).sign(ticketID: ticketID, revision: 0))
        let verifier = try verifyingKey(for: occurrenceID)
        let valid = TicketCodeVerification.valid(ticketID: ticketID, revision: 0)
        #expect(verifier.verify(String(text)) == valid)
        for position in text.indices {
            for replacement in "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-=" where replacement != text[position] {
                var changed = text
                changed[position] = replacement
                #expect(verifier.verify(String(changed)) != valid, "position \(position), \(replacement)")
            }
        }
    }

    @Test("A code says exactly what was signed, and its text reads back to the same text")
    func roundTrip() throws {
        for revision: UInt16 in [0, 1, 255, 256, .max] {
            let text = try signingKey(for: occurrenceID).sign(ticketID: ticketID, revision: revision)
            let code = try #require(TicketCode(text))
            #expect(code.ticketID == ticketID)
            #expect(code.revision == revision)
            #expect(code.occurrenceTag == occurrenceID.byteArray.suffix(8))
            #expect(code.text == text)
            #expect(text.utf8.count == TicketCode.textLength)
            #expect(try verifyingKey(for: occurrenceID).verify(text) == .valid(ticketID: ticketID, revision: revision))
        }
    }

    @Test("The text uses only characters of a QR code's alphanumeric mode and fits version 6 at medium correction")
    func alphanumeric() throws {
        let text = try signingKey(for: occurrenceID).sign(ticketID: ticketID, revision: 0)
        let alphanumeric = Set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
        #expect(text.allSatisfy(alphanumeric.contains))
        #expect(text.count <= 154)
    }

    @Test("Letter case and surrounding white space do not matter")
    func lenientReading() throws {
        let text = try signingKey(for: occurrenceID).sign(ticketID: ticketID, revision: 9)
        let verifier = try verifyingKey(for: occurrenceID)
        for variant in [text.lowercased(), " \t\(text)\r\n", "\n\n\(text.lowercased())  "] {
            #expect(verifier.verify(variant) == .valid(ticketID: ticketID, revision: 9))
        }
    }

    @Test("A ticket of another occurrence is told apart from a forgery, and a forged one is refused by its own gate")
    func otherOccurrence() throws {
        let text = try signingKey(for: otherOccurrenceID).sign(ticketID: ticketID, revision: 0)
        let code = try #require(TicketCode(text))
        #expect(try verifyingKey(for: occurrenceID).verify(text) == .otherOccurrence(code))
        let relabelled = TicketCode(
            occurrenceID: occurrenceID, ticketID: ticketID, revision: 0, signature: code.signature)
        #expect(try verifyingKey(for: occurrenceID).verify(relabelled.text) == .forged)
    }

    @Test("Two occurrences whose tags collide still do not accept each other's tickets")
    func collidingTags() throws {
        var bytes = occurrenceID.byteArray
        bytes[0] ^= 0xff
        let twin = UUID(bytes: bytes[...])
        let text = try signingKey(for: twin).sign(ticketID: ticketID, revision: 0)
        #expect(try verifyingKey(for: occurrenceID).verify(text) == .forged)
        // Even under the same key the whole occurrence ID is signed.
        let confused = try TicketVerifyingKey(publicKey: signingKey(for: twin).publicKey, occurrenceID: occurrenceID)
        #expect(confused.verify(text) == .forged)
    }

    @Test("A code signed with another master secret is forged")
    func otherSecret() throws {
        let attacker = try TicketSigningKey(secret: Array(repeating: 7, count: 32), occurrenceID: occurrenceID)
        let text = try attacker.sign(ticketID: ticketID, revision: 0)
        #expect(try verifyingKey(for: occurrenceID).verify(text) == .forged)
    }

    @Test("A second encoding of the same bytes is refused")
    func canonicalEncodingOnly() throws {
        let text = try signingKey(for: occurrenceID).sign(ticketID: ticketID, revision: 0)
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        let last = try #require(text.last)
        let value = try #require(alphabet.firstIndex(of: last))
        // 91 bytes leave two unused bits in the last character.
        #expect(value & 0b11 == 0)
        for unusedBits in 1...3 {
            #expect(TicketCode(String(text.dropLast()) + String(alphabet[value | unusedBits])) == nil)
        }
        #expect(TicketCode(text + "=") == nil)
        #expect(TicketCode(text.replacingOccurrences(of: "VG1", with: "VG1 ")) == nil)
    }

    @Test(
        "What is not a ticket code is malformed",
        arguments: [
            "", " ", "VG1", "VG2", "https://example.org/ticket", "VG1" + String(repeating: "A", count: 145),
            "VG1" + String(repeating: "A", count: 147), String(repeating: " ", count: 600),
            "VG1" + String(repeating: "1", count: 146), String(repeating: "\u{1F3AB}", count: 37),
            // Kelvin sign and dotless i fold to ASCII under Unicode case mapping.
            "VG1" + String(repeating: "\u{212A}", count: 146), "VG1" + String(repeating: "\u{0131}", count: 146),
        ])
    func malformed(text: String) throws {
        #expect(try verifyingKey(for: occurrenceID).verify(text) == .malformed)
    }

    @Test("A master secret of less than 32 bytes and a public key of another size are refused")
    func badKeys() {
        #expect(throws: TicketKeyError.secretTooShort(minimumBytes: 32)) {
            try TicketSigningKey(secret: Array(repeating: 1, count: 31), occurrenceID: occurrenceID)
        }
        #expect(throws: TicketKeyError.unusableKey) {
            try TicketVerifyingKey(publicKey: Array(repeating: 1, count: 31), occurrenceID: occurrenceID)
        }
    }
}
