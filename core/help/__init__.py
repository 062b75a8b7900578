"""The help centre: articles that come with the product, made when they are read, and those that an organization writes itself."""
