/// The objects of a PDF document (ISO 32000-1 section 7.5), numbered in the order in which they are reserved.
struct PDFFile {
    private var objects: [[UInt8]] = []

    /// The number of an object whose content comes later.
    mutating func reserve() -> Int {
        objects.append([])
        return objects.count
    }

    mutating func set(_ number: Int, _ text: String) {
        objects[number - 1] = Array(text.utf8)
    }

    mutating func add(_ text: String) -> Int {
        let number = reserve()
        set(number, text)
        return number
    }

    /// - Parameter entries: of the stream's dictionary, without its length and its filter.
    mutating func addStream(_ compressed: [UInt8], entries: String = "") -> Int {
        let number = reserve()
        var object = Array("<</Length \(compressed.count)/Filter/FlateDecode\(entries)>>stream\n".utf8)
        object += compressed
        object += "\nendstream".utf8
        objects[number - 1] = object
        return number
    }

    func bytes(catalog: Int, information: Int) -> [UInt8] {
        var bytes = Array("%PDF-1.5\n%".utf8) + [0xb5, 0xed, 0xae, 0xfb, 0x0a]
        bytes.reserveCapacity(objects.reduce(1024) { $0 + $1.count + 48 })
        var table = "xref\n0 \(objects.count + 1)\n0000000000 65535 f \n"
        for (index, object) in objects.enumerated() {
            let offset = String(bytes.count)
            table += String(repeating: "0", count: 10 - offset.count) + offset + " 00000 n \n"
            bytes += "\(index + 1) 0 obj\n".utf8
            bytes += object
            bytes += "\nendobj\n".utf8
        }
        let start = bytes.count
        bytes += table.utf8
        bytes += "trailer\n<</Size \(objects.count + 1)/Root \(catalog) 0 R/Info \(information) 0 R>>\n".utf8
        bytes += "startxref\n\(start)\n%%EOF\n".utf8
        return bytes
    }

    /// A text string of any characters, such as a title.
    static func text(_ text: String) -> String {
        var digits = "<FEFF"
        for unit in text.utf16 { digits += hexadecimal(unit) }
        return digits + ">"
    }

    /// Four digits.
    static func hexadecimal(_ unit: UInt16) -> String {
        let digits = String(unit, radix: 16, uppercase: true)
        return String(repeating: "0", count: 4 - digits.count) + digits
    }
}
