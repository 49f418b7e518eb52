import Foundation
import Testing

/// The source files of this checkout, as text.
struct Source {
    /// The path from the checkout's folder.
    let name: String
    let path: String
    let text: String
    let lines: [String]

    /// The modules it imports: the first name after `import`, or after the kind of a single declaration.
    var imports: [String] {
        lines.filter { $0.hasPrefix("import ") || $0.hasPrefix("@") || $0.hasPrefix("public import ") }.compactMap {
            line in
            let words = line.split(separator: " ")
            guard let keyword = words.firstIndex(of: "import"), keyword + 1 < words.count else { return nil }
            let kinds: Set<Substring> = ["struct", "class", "enum", "func", "protocol", "var", "let", "typealias"]
            let isSingle = kinds.contains(words[keyword + 1]) && keyword + 2 < words.count
            let name = isSingle ? words[keyword + 2] : words[keyword + 1]
            return name.split(separator: ".").first.map(String.init)
        }
    }

    static let checkout = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// - Throws: when there are none: a test over nothing proves nothing.
    static func files(below folder: String, ending: String = "swift") throws -> [Source] {
        let root = checkout.appending(path: folder)
        let walk = try #require(FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil))
        var sources: [Source] = []
        for case let url as URL in walk where url.pathExtension == ending {
            let text = try String(contentsOf: url, encoding: .utf8)
            sources.append(
                Source(
                    name: String(url.path.dropFirst(checkout.path.count + 1)), path: url.path, text: text,
                    lines: text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)))
        }
        try #require(!sources.isEmpty, "no files below \(folder)")
        return sources
    }
}
