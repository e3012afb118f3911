import FileSystem
import Testing
