import ModelProviders
import Testing
