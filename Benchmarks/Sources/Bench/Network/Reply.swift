import Glibc

/// An answer, valid only while it is being looked at. Its JSON is looked through instead of decoded: a decoder would cost
/// the generator more than the request.
struct Reply {
    let status: Int
    let body: UnsafeRawBufferPointer
    /// After how many seconds to try again, where the answer says so.
    var retryAfter: Int?

    /// The text of a member of the outermost object.
    func member(_ name: StaticString) -> String? {
        let length = name.utf8CodeUnitCount
        var depth = 0
        var index = 0
        while index < body.count {
            switch body[index] {
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            case UInt8(ascii: "\""):
                let end = endOfString(from: index)
                if depth == 1, end - index - 1 == length, end + 2 < body.count, body[end + 1] == UInt8(ascii: ":"),
                    body[end + 2] == UInt8(ascii: "\""), matches(name, at: index + 1)
                {
                    return String(decoding: body[(end + 3)..<endOfString(from: end + 2)], as: UTF8.self)
                }
                index = end
            default: break
            }
            index += 1
        }
        return nil
    }

    /// The texts between the mark and the next quotation mark, wherever the mark occurs.
    func texts(after mark: StaticString) -> [String] {
        var texts: [String] = []
        var rest = body
        while let offset = rest.firstOffset(of: mark) {
            let tail = UnsafeRawBufferPointer(rebasing: rest[(offset + mark.utf8CodeUnitCount)...])
            guard let end = tail.firstIndex(of: UInt8(ascii: "\"")) else { break }
            texts.append(String(decoding: tail[..<end], as: UTF8.self))
            rest = UnsafeRawBufferPointer(rebasing: tail[end...])
        }
        return texts
    }

    /// The whole body as text, for a person.
    var bodyText: String { String(decoding: body, as: UTF8.self) }

    /// The slug of the problem, or the status when the answer is none.
    var problem: String {
        guard let type = member("type"), let slug = type.split(separator: "/").last else { return "status \(status)" }
        return String(slug)
    }

    /// Where the closing quotation mark is.
    private func endOfString(from start: Int) -> Int {
        var index = start + 1
        while index < body.count, body[index] != UInt8(ascii: "\"") {
            index += body[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        return min(index, body.count)
    }

    private func matches(_ name: StaticString, at offset: Int) -> Bool {
        guard let start = body.baseAddress else { return false }
        return memcmp(start + offset, name.utf8Start, name.utf8CodeUnitCount) == 0
    }
}
