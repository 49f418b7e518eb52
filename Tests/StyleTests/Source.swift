import Foundation
import Testing

/// The source files of this checkout, as text.
struct Source {
    /// The path from the checkout's folder.
    let name: String
    let path: String
    let lines: [String]

    var imports: [String] {
        lines.compactMap { line in
            line.firstMatch(of: /^(?:@[\w()]+ )*(?:public |internal |package |private )?import (?:struct |class |enum |func |protocol |var |let |typealias )?(\w+)/)
                .map { String($0.1) }
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
                    name: String(url.path.dropFirst(checkout.path.count + 1)), path: url.path,
                    lines: text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)))
        }
        try #require(!sources.isEmpty, "no files below \(folder)")
        return sources
    }
}
