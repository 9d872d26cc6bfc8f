"""What the admin calls itself."""

from django.contrib import admin

admin.site.site_header = admin.site.site_title = "AgentBoard"
admin.site.index_title = "Find, read and repair"
# There is no page of the board to lead to yet.
admin.site.site_url = None
