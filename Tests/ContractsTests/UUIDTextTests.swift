import Contracts
import Foundation
import Testing

@Suite("UUID text")
struct UUIDTextTests {
    @Test("It is what Foundation writes and reads, in lower case")
    func equalToFoundation() {
        for _ in 0..<200 {
            let id = UUID()
            #expect(id.lowercaseText == id.uuidString.lowercased())
            #expect(UUID(text: id.lowercaseText) == id)
            #expect(UUID(text: id.uuidString) == id)
        }
    }

    @Test(
        "Nothing else is a UUID",
        arguments: [
            "", "01a2192b-6f2e-7b54-8c7e-5b2d7a90f11", "01a2192b-6f2e-7b54-8c7e-5b2d7a90f1111",
            "01a2192b6f2e7b548c7e5b2d7a90f111", "01a2192b-6f2e-7b54-8c7e-5b2d7a90f11g",
            "01a2192b-6f2e-7b54-8c7e_5b2d7a90f111", "{1a2192b-6f2e-7b54-8c7e-5b2d7a90f11}",
            "é1a2192b-6f2e-7b54-8c7e-5b2d7a90f11",
        ])
    func others(_ text: String) {
        #expect(UUID(text: text) == nil)
    }

    @Test("A version 7 id tells when it was made; others do not")
    func time() {
        var random = SystemRandomNumberGenerator()
        let time = Timestamp(millisecondsSince1970: 1_795_000_000_123)
        #expect(UUID.version7(at: time, using: &random).version7Time == time)
        #expect(UUID(uuid: (1, 2, 3, 4, 5, 6, 0x4F, 8, 9, 10, 11, 12, 13, 14, 15, 16)).version7Time == nil)
    }
}
