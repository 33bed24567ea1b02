"""An index on Milvus: built, kept in generations, and searched. The one package that imports its client."""
