import Testing

@testable import Ticketing

@Suite("Confirmation codes")
struct ConfirmationCodeTests {
    @Test("A code has ten characters, none of which look alike")
    func characters() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            let code = ConfirmationCode.make { count in
                (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
            }
            #expect(code.count == 10)
            #expect(code.allSatisfy { "23456789ABCDEFGHJKMNPQRSTUVWXYZ".contains($0) })
        }
    }

    @Test("Bytes that would make some characters likelier are thrown away")
    func unbiased() {
        var bytes: [UInt8] = Array(248...255) + [0, 31] + Array(repeating: 30, count: 20)
        let code = ConfirmationCode.make { count in
            defer { bytes.removeFirst(count) }
            return Array(bytes.prefix(count))
        }
        #expect(code == "22ZZZZZZZZ")
    }
}
