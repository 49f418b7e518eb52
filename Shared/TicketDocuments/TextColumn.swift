/// Stacks text blocks from top to bottom, so that none can touch the next.
struct TextColumn {
    let x: Double
    let width: Double
    private(set) var bottom: Double

    private let canvas: any TicketCanvas
    private var blocks: [(block: TextBlock, x: Double, y: Double)] = []

    init(x: Double, top: Double, width: Double, canvas: any TicketCanvas) {
        self.x = x
        self.width = width
        self.bottom = top
        self.canvas = canvas
    }

    /// Nothing is added, and no space taken, for missing or empty text.
    mutating func add(_ text: String?, _ style: TextStyle, maximumHeight: Double, spaceBefore: Double = 0) {
        guard let text,
            let block = canvas.typesetter.block(text, style, width: width, maximumHeight: maximumHeight)
        else { return }
        blocks.append((block, x, bottom + spaceBefore))
        bottom += spaceBefore + block.height
    }

    /// Adds columns side by side below what is there; the next text goes below the longest.
    mutating func add(_ columns: [TextColumn]) {
        for column in columns {
            blocks += column.blocks
            bottom = max(bottom, column.bottom)
        }
    }

    mutating func addSpace(_ height: Double) {
        bottom += height
    }

    mutating func move(down distance: Double) {
        bottom += distance
        blocks = blocks.map { ($0.block, $0.x, $0.y + distance) }
    }

    func draw() {
        for (block, x, y) in blocks { canvas.draw(block, x: x, y: y) }
    }
}
