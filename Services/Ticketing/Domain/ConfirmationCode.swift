/// A ticket's human-readable code: what people read to each other on the phone. Not secret enough to admit anybody.
enum ConfirmationCode {
    /// Digits and capitals without the look-alikes 0 and O, 1, I and L.
    static let alphabet = Array("23456789ABCDEFGHJKMNPQRSTUVWXYZ".utf8)
    /// 31^10 codes: two of a hundred million tickets meet with a chance of about 1 in 10 million a ticket, and the
    /// database's unique constraint then makes the order be tried again.
    static let length = 10

    /// - Parameter randomBytes: gives so many random bytes.
    static func make(from randomBytes: (Int) -> [UInt8]) -> String {
        // Bytes beyond the last whole multiple would make the first characters likelier.
        let limit = 256 / alphabet.count * alphabet.count
        var code: [UInt8] = []
        while code.count < length {
            for byte in randomBytes(length - code.count) where Int(byte) < limit {
                code.append(alphabet[Int(byte) % alphabet.count])
            }
        }
        return String(decoding: code, as: UTF8.self)
    }
}
