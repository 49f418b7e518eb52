/// One part of a bundle: a few lines `name value`, in any order, then an empty line, then a body of as many bytes as the
/// line `length` says, then a line feed.
struct BundleBlock {
    private static let length = "length"

    let lines: [String: String]
    let body: [UInt8]

    /// Adds a block; lines without a value are left out.
    static func append(_ lines: [(name: String, value: String?)], _ body: [UInt8], to bytes: inout [UInt8]) {
        func line(_ name: String, _ value: String) {
            bytes.append(contentsOf: name.utf8)
            bytes.append(0x20)
            bytes.append(contentsOf: value.utf8)
            bytes.append(0x0A)
        }
        for case (let name, let value?) in lines { line(name, value) }
        line(length, String(body.count))
        bytes.append(0x0A)
        bytes.append(contentsOf: body)
        bytes.append(0x0A)
    }

    /// - Throws: ``MessagingError/malformedEnvelope(_:)``; then nothing of the bytes can be told.
    static func blocks(in bytes: [UInt8]) throws -> [BundleBlock] {
        var rest = bytes[...]
        var blocks: [BundleBlock] = []
        while !rest.isEmpty { blocks.append(try next(&rest)) }
        return blocks
    }

    private static func next(_ rest: inout ArraySlice<UInt8>) throws -> BundleBlock {
        var lines: [String: String] = [:]
        while let (name, value) = try line(&rest) { lines[name] = value }
        guard let length = lines[length].flatMap({ Int($0) }), length >= 0, length < rest.count else {
            throw MessagingError.malformedEnvelope("length must be the number of bytes that follow")
        }
        let body = Array(rest.prefix(length))
        rest = rest.dropFirst(length)
        guard rest.first == 0x0A else {
            throw MessagingError.malformedEnvelope("a message of a bundle must end with a line feed")
        }
        rest = rest.dropFirst()
        return BundleBlock(lines: lines, body: body)
    }

    /// - Returns: nil for the empty line.
    private static func line(_ rest: inout ArraySlice<UInt8>) throws -> (name: String, value: String)? {
        guard let end = rest.firstIndex(of: 0x0A) else {
            throw MessagingError.malformedEnvelope("a line of a bundle has no end")
        }
        let line = rest[rest.startIndex..<end]
        rest = rest[(end + 1)...]
        guard !line.isEmpty else { return nil }
        guard let space = line.firstIndex(of: 0x20) else {
            throw MessagingError.malformedEnvelope("a line of a bundle must be a name, a space and a value")
        }
        return (String(decoding: line[..<space], as: UTF8.self), String(decoding: line[(space + 1)...], as: UTF8.self))
    }
}
