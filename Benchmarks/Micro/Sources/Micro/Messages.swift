import Contracts
import Crypto
import Foundation
import TicketCode

/// What every message and every ticket goes through.
enum Messages {
    static func measure() throws -> [Ratio] {
        try contracts() + codes()
    }

    private static func contracts() throws -> [Ratio] {
        let message = OrderCompleted.example
        let body = try MessageCodec.encode(message)
        let data = Data(body)
        let encoder = JSONEncoder()
        let decoder = JSONDecoder()
        return [
            try Ratio("encode order-completed", by: "a kept JSONEncoder", limit: 1.5) {
                keep(try MessageCodec.encode(message))
            } _: {
                keep(try encoder.encode(message))
            },
            try Ratio("decode order-completed", by: "a kept JSONDecoder", limit: 1.5) {
                keep(try MessageCodec.decode(OrderCompleted.self, from: body))
            } _: {
                keep(try decoder.decode(OrderCompleted.self, from: data))
            },
        ]
    }

    private static func codes() throws -> [Ratio] {
        let occurrenceID = UUID()
        let signing = try TicketSigningKey(secret: [UInt8](repeating: 7, count: 32), occurrenceID: occurrenceID)
        let code = try signing.sign(ticketID: UUID(), revision: 1)
        let verifying = try TicketVerifyingKey(publicKey: signing.publicKey, occurrenceID: occurrenceID)
        let ticketID = UUID()
        let plain = Curve25519.Signing.PrivateKey()
        let message = Data(repeating: 1, count: 64)
        let signature = try plain.signature(for: message)
        return [
            Ratio("verify a ticket's code", by: "an Ed25519 verification", limit: 1.3) {
                keep(verifying.verify(code))
            } _: {
                keep(plain.publicKey.isValidSignature(signature, for: message))
            },
            try Ratio("sign a ticket's code", by: "an Ed25519 signature", limit: 1.5) {
                keep(try signing.sign(ticketID: ticketID, revision: 1))
            } _: {
                keep(try plain.signature(for: message))
            },
        ]
    }
}

/// Keeps a result that nobody needs from being optimised away.
@inline(never)
func keep<Value>(_ value: Value) {
    withExtendedLifetime(value) {}
}
