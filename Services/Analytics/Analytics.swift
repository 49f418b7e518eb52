@main
struct Analytics {
    static func main() {}
}
