@main
struct Scanning {
    static func main() {}
}
