import Testing

@testable import TicketCode

@Suite("Base32")
struct Base32Tests {
    @Test(
        "The test vectors of RFC 4648 section 10 hold in both directions, without padding",
        arguments: [
            ("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ])
    func vectors(plain: String, encoded: String) {
        #expect(Base32.encode(Array(plain.utf8)) == encoded)
        #expect(Base32.decode(Array(encoded.utf8)[...]) == Array(plain.utf8))
        #expect(Base32.encodedLength(of: plain.utf8.count) == encoded.utf8.count)
    }

    @Test(
        "Impossible lengths, unused bits and characters outside the alphabet are refused",
        arguments: ["M", "MZX", "MZXW6Y", "MZ", "MZXR", "M1", "M0", "M8", "my", "MY======"])
    func refused(text: String) {
        #expect(Base32.decode(Array(text.utf8)[...]) == nil)
    }
}
